using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Stateroom.Administration;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.Messaging;

/// <summary>Holds the messages of sessions in the memory of this process.</summary>
public sealed class InMemorySessionOutbox : ISessionOutbox
{
    private readonly ConcurrentDictionary<SessionKey, SessionStreams> _sessions = new();
    private readonly TopicIndex<SessionKey> _index = new();
    private readonly SessionOptions _options;
    private readonly SessionClock _clock;

    // When something of a session is to be forgotten, in order of time, as all of it is kept equally long.
    private readonly Lock _dueLock = new();
    private readonly Queue<(long At, SessionKey Session)> _due = new();

    /// <summary>Makes an empty outbox.</summary>
    /// <param name="options">How much it holds and for how long.</param>
    /// <param name="time">The clock.</param>
    public InMemorySessionOutbox(IOptions<SessionOptions> options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        _options = options.Value;
        _clock = new(time);
    }

    /// <summary>Of how many sessions something is held.</summary>
    internal int Count => _sessions.Count;

    /// <inheritdoc/>
    public ValueTask<long> AppendAsync(SessionKey session, string stream, OutboxItemKind kind, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stream);
        cancellationToken.ThrowIfCancellationRequested();
        var position = Of(session).Append(stream, kind, data.ToArray(), _clock.Ticks);
        if (kind == OutboxItemKind.End && position != 0)
        {
            ForgetLater(session);
        }

        return new(position);
    }

    /// <inheritdoc/>
    public ValueTask<OutboxPage> ReadAsync(SessionKey session, string stream, long after, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stream);
        cancellationToken.ThrowIfCancellationRequested();
        return new(_sessions.GetValueOrDefault(session)?.Read(stream, after, _clock.Ticks) ?? new(false, [], false));
    }

    /// <inheritdoc/>
    public ValueTask MarkDeliveredAsync(SessionKey session, string stream, long position, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stream);
        cancellationToken.ThrowIfCancellationRequested();
        _sessions.GetValueOrDefault(session)?.MarkDelivered(stream, position, _clock.Ticks);
        return default;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> FindOpenAsync(SessionKey session, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(_sessions.GetValueOrDefault(session)?.FindOpen() ?? []);
    }

    /// <inheritdoc/>
    public ValueTask<bool> SubscribeAsync(SessionKey session, Topic topic, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(topic);
        cancellationToken.ThrowIfCancellationRequested();
        return new(Of(session).Subscribe(topic));
    }

    /// <inheritdoc/>
    public ValueTask UnsubscribeAsync(SessionKey session, Topic topic, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(topic);
        cancellationToken.ThrowIfCancellationRequested();
        _sessions.GetValueOrDefault(session)?.Unsubscribe(topic);
        return default;
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<SessionKey>> FindSubscribersAsync(TenantId? tenant, Topic topic, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(topic);
        cancellationToken.ThrowIfCancellationRequested();
        return new(_index.Find(tenant, topic));
    }

    /// <inheritdoc/>
    public ValueTask RemoveAsync(SessionKey session, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var until = _clock.Ticks + _options.StreamRetention.Ticks;
        Of(session).Remove(until);
        ForgetLater(session);
        return default;
    }

    /// <summary>Forgets the finished streams whose time is over. Nobody could read them any more; this gives their memory back.</summary>
    public void Sweep()
    {
        while (TakeDue() is { } session)
        {
            if (_sessions.TryGetValue(session, out var streams))
            {
                streams.Forget(_clock.Ticks);
                if (streams.RemovedUntil <= _clock.Ticks)
                {
                    _sessions.TryRemove(new(session, streams));
                }
            }
        }
    }

    /// <summary>
    /// Removes what came for sessions that are not held any more, so late that nothing was left of their removal. What comes for a session in its time comes
    /// after the session was opened, so nothing that is needed goes.
    /// </summary>
    internal void Sweep(InMemorySessionStore store)
    {
        foreach (var (session, streams) in _sessions)
        {
            if (streams.RemovedUntil is null && !store.Holds(session))
            {
                streams.Remove(_clock.Ticks);
                _sessions.TryRemove(new(session, streams));
            }
        }
    }

    /// <summary>The streams of a session's requests that have not ended.</summary>
    internal IReadOnlyList<StreamSummary> OpenStreams(SessionKey session) => _sessions.GetValueOrDefault(session)?.OpenStreams() ?? [];

    private SessionStreams Of(SessionKey session) =>
        _sessions.GetOrAdd(session, static (key, outbox) => new(key, outbox._index, outbox._options), this);

    private void ForgetLater(SessionKey session)
    {
        lock (_dueLock)
        {
            _due.Enqueue((_clock.Ticks + _options.StreamRetention.Ticks, session));
        }

        Sweep();
    }

    private SessionKey? TakeDue()
    {
        lock (_dueLock)
        {
            if (!_due.TryPeek(out var next) || next.At > _clock.Ticks)
            {
                return null;
            }

            _due.Dequeue();
            return next.Session;
        }
    }
}
