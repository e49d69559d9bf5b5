using System.Threading.Channels;

namespace Stateroom.Redis.Messaging;

/// <summary>
/// What was received and waits to be acted upon, in order. Bounded in messages and in bytes, as an answer of a client may be as large as a request's body;
/// one message alone is always let in, and a small one always has room: large answers of one tenant keep nobody's cancellations and endings out.
/// </summary>
internal sealed class SignalBacklog(int mostMessages, long mostBytes)
{
    /// <summary>Up to here a message is small. Only a client's answer can be larger.</summary>
    public const int SmallBytes = 8 * 1024;

    private readonly Channel<byte[]> _waiting = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(mostMessages) { SingleReader = true });
    private long _bytes;
    private long _refused;

    /// <summary>The bytes of what waits and of what is being acted upon.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>How many messages found no room so far.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Takes a message in.</summary>
    /// <returns>False where there is no room for it.</returns>
    public bool TryAdd(byte[] message)
    {
        var bytes = Interlocked.Add(ref _bytes, message.Length);
        if ((message.Length <= SmallBytes || bytes <= mostBytes || bytes == message.Length) && _waiting.Writer.TryWrite(message))
        {
            return true;
        }

        Interlocked.Add(ref _bytes, -message.Length);
        Interlocked.Increment(ref _refused);
        return false;
    }

    /// <summary>Acts on one message after the other until it is cancelled.</summary>
    public async Task DrainAsync(Func<byte[], Task> act, CancellationToken cancellationToken)
    {
        await foreach (var message in _waiting.Reader.ReadAllAsync(cancellationToken))
        {
            try
            {
                await act(message);
            }
            finally
            {
                Interlocked.Add(ref _bytes, -message.Length);
            }
        }
    }
}
