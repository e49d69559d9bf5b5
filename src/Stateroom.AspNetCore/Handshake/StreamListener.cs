using System.Threading.Channels;
using Stateroom.Sessions;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>Waits for something new in one stream of a session. Any number of signals that come before it is looked at are one.</summary>
internal sealed class StreamListener(string stream)
{
    /// <summary>Tells this reader from others of the same stream.</summary>
    public string Reader { get; init; } = SessionId.New();

    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public string Stream => stream;

    public void Signal() => _signals.Writer.TryWrite(true);

    /// <summary>Ends the wait for good: the session is over, or somebody else listens now.</summary>
    public void Close() => _signals.Writer.TryComplete();

    /// <summary>Waits for a signal.</summary>
    /// <returns>False when the listener was closed.</returns>
    public async Task<bool> WaitAsync(CancellationToken cancellationToken)
    {
        var open = await _signals.Reader.WaitToReadAsync(cancellationToken);
        _signals.Reader.TryRead(out _);
        return open;
    }
}
