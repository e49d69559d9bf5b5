using Stateroom.Encryption;
using Stateroom.Messaging;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.Diagnostics;

/// <summary>Counts and times what goes through an outbox.</summary>
internal sealed class MeteredSessionOutbox(ISessionOutbox inner, SessionMetrics metrics, TimeProvider time) : ISessionOutbox
{
    /// <summary>The outbox that is watched.</summary>
    public ISessionOutbox Inner => inner;

    /// <summary>The outbox that holds the messages, behind whatever is put around it here.</summary>
    public static ISessionOutbox Innermost(ISessionOutbox outbox) => outbox switch
    {
        MeteredSessionOutbox metered => Innermost(metered.Inner),
        EncryptedSessionOutbox encrypted => Innermost(encrypted.Inner),
        _ => outbox,
    };

    public ValueTask<long> AppendAsync(SessionKey session, string stream, OutboxItemKind kind, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        metrics.AreStoresWatched ? WatchAppendAsync(session, stream, kind, data, cancellationToken) : inner.AppendAsync(session, stream, kind, data, cancellationToken);

    public ValueTask<OutboxPage> ReadAsync(SessionKey session, string stream, long after, CancellationToken cancellationToken) =>
        metrics.AreStoresWatched ? WatchReadAsync(session, stream, after, cancellationToken) : inner.ReadAsync(session, stream, after, cancellationToken);

    public ValueTask MarkDeliveredAsync(SessionKey session, string stream, long position, CancellationToken cancellationToken) =>
        inner.MarkDeliveredAsync(session, stream, position, cancellationToken);

    public ValueTask<IReadOnlyList<string>> FindOpenAsync(SessionKey session, CancellationToken cancellationToken) => inner.FindOpenAsync(session, cancellationToken);

    public ValueTask<bool> SubscribeAsync(SessionKey session, Topic topic, CancellationToken cancellationToken) => inner.SubscribeAsync(session, topic, cancellationToken);

    public ValueTask UnsubscribeAsync(SessionKey session, Topic topic, CancellationToken cancellationToken) => inner.UnsubscribeAsync(session, topic, cancellationToken);

    public ValueTask<IReadOnlyList<SessionKey>> FindSubscribersAsync(TenantId? tenant, Topic topic, CancellationToken cancellationToken) =>
        inner.FindSubscribersAsync(tenant, topic, cancellationToken);

    public ValueTask RemoveAsync(SessionKey session, CancellationToken cancellationToken) => inner.RemoveAsync(session, cancellationToken);

    private async ValueTask<long> WatchAppendAsync(SessionKey session, string stream, OutboxItemKind kind, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        var position = await metrics.TimeAsync("append", time, time.GetTimestamp(), inner.AppendAsync(session, stream, kind, data, cancellationToken));
        metrics.Appended(kept: position != 0);
        return position;
    }

    private async ValueTask<OutboxPage> WatchReadAsync(SessionKey session, string stream, long after, CancellationToken cancellationToken)
    {
        var page = await metrics.TimeAsync("read", time, time.GetTimestamp(), inner.ReadAsync(session, stream, after, cancellationToken));
        metrics.Fetched(page);
        return page;
    }
}
