using Stateroom.Administration;
using Stateroom.Sessions;

namespace Stateroom.Messaging;

/// <summary>What the in-process outbox holds for one session, behind one lock. Once removed it takes nothing more, so that no late message brings it back.</summary>
internal sealed class SessionStreams(SessionKey session, TopicIndex<SessionKey> index, SessionOptions options)
{
    private readonly Lock _lock = new();
    private readonly EndedStreams _ended = new((long)options.MaxStreams * options.MaxOutboxBytes);
    private Dictionary<string, StreamLog>? _streams;
    private HashSet<Topic>? _topics;
    private int _open;
    private int _resources;
    private long? _removedUntil;

    /// <summary>Until when this is kept to hold off what comes late for a session that was removed; null while it was not.</summary>
    public long? RemovedUntil
    {
        get
        {
            lock (_lock)
            {
                return _removedUntil;
            }
        }
    }

    /// <returns>The item's position; 0 if it was dropped.</returns>
    public long Append(string stream, OutboxItemKind kind, byte[] data, long now)
    {
        lock (_lock)
        {
            if (_removedUntil is not null)
            {
                return 0;
            }

            _ended.Forget(_streams, now);
            if ((_streams?.GetValueOrDefault(stream) ?? Begin(stream, kind)) is not { } log || log.Append(kind, data, now + options.StreamRetention.Ticks) is not (> 0 and var position))
            {
                return 0;
            }

            if (kind == OutboxItemKind.End)
            {
                _open -= stream == StreamNames.General ? 0 : 1;
                _ended.Add(stream, log, _streams!);
            }

            return position;
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

    /// <summary>The streams of requests that have not ended.</summary>
    public IReadOnlyList<string> FindOpen()
    {
        lock (_lock)
        {
            return [.. (_streams ?? []).Where(s => s.Key != StreamNames.General && s.Value.ForgetAt is null).Select(s => s.Key)];
        }
    }

    /// <summary>Lets the streams go whose time is over.</summary>
    public void Forget(long now)
    {
        lock (_lock)
        {
            _ended.Forget(_streams, now);
        }
    }

    /// <returns>Whether the topic is among the session's.</returns>
    public bool Subscribe(Topic topic)
    {
        lock (_lock)
        {
            if (_removedUntil is not null)
            {
                return false;
            }

            if (_topics?.Contains(topic) == true)
            {
                return true;
            }

            if (topic.Kind == TopicKind.Resource && _resources >= options.MaxSubscriptions)
            {
                return false;
            }

            (_topics ??= []).Add(topic);
            _resources += topic.Kind == TopicKind.Resource ? 1 : 0;
            index.Add(topic, session.Tenant, session);
            return true;
        }
    }

    public void Unsubscribe(Topic topic)
    {
        lock (_lock)
        {
            if (_topics?.Remove(topic) == true)
            {
                _resources -= topic.Kind == TopicKind.Resource ? 1 : 0;
                index.Remove(topic, session.Tenant, session);
            }
        }
    }

    /// <param name="until">As <see cref="RemovedUntil"/>.</param>
    public void Remove(long until)
    {
        lock (_lock)
        {
            _removedUntil = until;
            _streams = null;
            foreach (var topic in _topics ?? [])
            {
                index.Remove(topic, session.Tenant, session);
            }

            _topics = null;
        }
    }

    /// <summary>The streams of requests that have not ended.</summary>
    public IReadOnlyList<StreamSummary> OpenStreams()
    {
        lock (_lock)
        {
            return [.. _streams?.Where(s => s.Key != StreamNames.General && s.Value.ForgetAt is null).Select(s => new StreamSummary(false, StreamNames.InstanceOf(s.Key))) ?? []];
        }
    }

    private StreamLog? Begin(string stream, OutboxItemKind kind)
    {
        if (stream != StreamNames.General)
        {
            if (kind != OutboxItemKind.Begin || _open >= options.MaxStreams)
            {
                return null;
            }

            _open++;
        }

        return (_streams ??= new(StringComparer.Ordinal))[stream] = new(options.MaxOutboxMessages, options.MaxOutboxBytes);
    }

    private StreamLog? Find(string stream, long now) =>
        _streams?.GetValueOrDefault(stream) is { } log && (log.ForgetAt is not { } due || due > now) ? log : null;
}
