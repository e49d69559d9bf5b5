namespace Stateroom.Messaging;

/// <summary>The streams of a session that have ended and are still kept, bounded by time, number and bytes. Guarded by the lock of its <see cref="SessionStreams"/>.</summary>
/// <param name="maxBytes">How many bytes they may hold together; the newest one stays whatever it holds.</param>
internal sealed class EndedStreams(long maxBytes)
{
    // In the order in which they ended, which is that of their times, as all are kept equally long.
    private Queue<(string Stream, StreamLog Log)>? _ended;
    private long _bytes;

    public void Add(string stream, StreamLog log, Dictionary<string, StreamLog> streams)
    {
        (_ended ??= new()).Enqueue((stream, log));
        _bytes += log.Bytes;
        while (_ended.Count > 1 && (_ended.Count > StreamNames.MaxEnded || _bytes > maxBytes))
        {
            RemoveOldest(streams);
        }
    }

    /// <summary>Lets those go whose time is over.</summary>
    public void Forget(Dictionary<string, StreamLog>? streams, long now)
    {
        while (streams is not null && _ended is not null && _ended.TryPeek(out var oldest) && oldest.Log.ForgetAt <= now)
        {
            RemoveOldest(streams);
        }
    }

    private void RemoveOldest(Dictionary<string, StreamLog> streams)
    {
        var (stream, log) = _ended!.Dequeue();
        _bytes -= log.Bytes;
        streams.Remove(stream);
    }
}
