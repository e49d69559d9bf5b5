using Stateroom.Sessions;

namespace Stateroom.Messaging;

/// <summary>What the in-process outbox holds for one session, behind one lock. Once removed it takes nothing more, so that no late message brings it back.</summary>
internal sealed class SessionStreams(SessionKey session, TopicIndex index, SessionOptions options)
{
    private readonly Lock _lock = new();
    private Dictionary<string, StreamLog>? _streams;
    private HashSet<Topic>? _topics;
    private bool _removed;

    /// <returns>The item's position; 0 if it was dropped.</returns>
    public long Append(string stream, OutboxItemKind kind, byte[] data, long now)
    {
        lock (_lock)
        {
            if (_removed)
            {
                return 0;
            }

            if (Find(stream, now) is not { } log)
            {
                _streams ??= new(StringComparer.Ordinal);
                _streams[stream] = log = new(options.MaxOutboxMessages, options.MaxOutboxBytes);
            }

            return log.Append(kind, data, now + options.StreamRetention.Ticks);
        }
    }

    public OutboxPage Read(string stream, long after, long now)
    {
        lock (_lock)
        {
            return Find(stream, now)?.Read(after) ?? new(false, [], false);
        }
    }

    public void MarkDelivered(string stream, long position, long now)
    {
        lock (_lock)
        {
            Find(stream, now)?.MarkDelivered(position);
        }
    }

    /// <summary>Lets a stream go if it is still the one whose time is over.</summary>
    public void Forget(string stream, long now)
    {
        lock (_lock)
        {
            if (_streams is not null && Find(stream, now) is null)
            {
                _streams.Remove(stream);
            }
        }
    }

    public void Subscribe(Topic topic)
    {
        lock (_lock)
        {
            if (!_removed && (_topics ??= []).Add(topic))
            {
                index.Add(topic, session);
            }
        }
    }

    public void Unsubscribe(Topic topic)
    {
        lock (_lock)
        {
            if (_topics?.Remove(topic) == true)
            {
                index.Remove(topic, session);
            }
        }
    }

    public void Remove()
    {
        lock (_lock)
        {
            _removed = true;
            _streams = null;
            foreach (var topic in _topics ?? [])
            {
                index.Remove(topic, session);
            }

            _topics = null;
        }
    }

    private StreamLog? Find(string stream, long now) =>
        _streams?.GetValueOrDefault(stream) is { } log && (log.ForgetAt is not { } due || due > now) ? log : null;
}
