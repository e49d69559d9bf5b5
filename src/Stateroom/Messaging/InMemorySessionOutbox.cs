using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.Messaging;

/// <summary>Holds the messages of sessions in the memory of this process.</summary>
public sealed class InMemorySessionOutbox : ISessionOutbox
{
    private readonly ConcurrentDictionary<SessionKey, SessionStreams> _sessions = new();
    private readonly TopicIndex _index = new();
    private readonly SessionOptions _options;
    private readonly SessionClock _clock;

    // What is to be forgotten, in order of time, as all of it is kept equally long. Stream null: the remains of a session that was removed.
    private readonly Lock _dueLock = new();
    private readonly Queue<(long At, SessionKey Session, string? Stream)> _due = new();

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

    /// <inheritdoc/>
    public ValueTask<long> AppendAsync(SessionKey session, string stream, OutboxItemKind kind, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stream);
        cancellationToken.ThrowIfCancellationRequested();
        var position = Of(session).Append(stream, kind, data.ToArray(), _clock.Ticks);
        if (kind == OutboxItemKind.End && position != 0)
        {
            ForgetLater(session, stream);
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
    public ValueTask SubscribeAsync(SessionKey session, Topic topic, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(topic);
        cancellationToken.ThrowIfCancellationRequested();
        Of(session).Subscribe(topic);
        return default;
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
        Of(session).Remove();
        ForgetLater(session, null);
        return default;
    }

    /// <summary>Forgets the finished streams whose time is over. Nobody could read them any more; this gives their memory back.</summary>
    public void Sweep()
    {
        while (TakeDue() is var (session, stream))
        {
            if (stream is null)
            {
                _sessions.TryRemove(session, out _);
            }
            else
            {
                _sessions.GetValueOrDefault(session)?.Forget(stream, _clock.Ticks);
            }
        }
    }

    private SessionStreams Of(SessionKey session) =>
        _sessions.GetOrAdd(session, static (key, outbox) => new(key, outbox._index, outbox._options), this);

    private void ForgetLater(SessionKey session, string? stream)
    {
        lock (_dueLock)
        {
            _due.Enqueue((_clock.Ticks + _options.StreamRetention.Ticks, session, stream));
        }

        Sweep();
    }

    private (SessionKey Session, string? Stream)? TakeDue()
    {
        lock (_dueLock)
        {
            if (!_due.TryPeek(out var next) || next.At > _clock.Ticks)
            {
                return null;
            }

            _due.Dequeue();
            return (next.Session, next.Stream);
        }
    }
}
