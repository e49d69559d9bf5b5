using System.Threading.Channels;

namespace Stateroom.Redis.Messaging;

/// <summary>
/// What was received and waits to be acted upon, in order. Bounded in messages and in bytes, as an answer of a client may be as large as a request's body;
/// one message alone is always let in.
/// </summary>
internal sealed class SignalBacklog(int mostMessages, long mostBytes)
{
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
        if ((bytes <= mostBytes || bytes == message.Length) && _waiting.Writer.TryWrite(message))
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
