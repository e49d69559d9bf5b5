using Stateroom.Messaging;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.Encryption;

/// <summary>Encrypts the messages that an outbox holds. A message that cannot be read is left out as if it had been trimmed, so that its reader is told of a gap.</summary>
internal sealed class EncryptedSessionOutbox(ISessionOutbox inner, ContentProtector protector) : ISessionOutbox
{
    /// <summary>The outbox that holds what is encrypted here.</summary>
    public ISessionOutbox Inner => inner;

    public ValueTask<long> AppendAsync(SessionKey session, string stream, OutboxItemKind kind, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return inner.AppendAsync(session, stream, kind, protector.Seal(data, Place.Outbox(session, stream), isMessage: kind == OutboxItemKind.Message), cancellationToken);
    }

    public async ValueTask<OutboxPage> ReadAsync(SessionKey session, string stream, long after, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stream);
        var page = await inner.ReadAsync(session, stream, after, cancellationToken);
        if (page.Items.Count == 0)
        {
            return page;
        }

        var items = new List<OutboxItem>(page.Items.Count);
        var unreadable = 0;
        foreach (var item in page.Items)
        {
            if (protector.Open(item.Data, Place.Outbox(session, stream), tell: unreadable == 0) is { } data)
            {
                items.Add(item with { Data = data });
            }
            else
            {
                unreadable++;
            }
        }

        return page with { Items = items, Trimmed = page.Trimmed || unreadable > 0 };
    }

    public ValueTask MarkDeliveredAsync(SessionKey session, string stream, long position, CancellationToken cancellationToken) =>
        inner.MarkDeliveredAsync(session, stream, position, cancellationToken);

    public ValueTask<IReadOnlyList<string>> FindOpenAsync(SessionKey session, CancellationToken cancellationToken) =>
        inner.FindOpenAsync(session, cancellationToken);

    public ValueTask<bool> SubscribeAsync(SessionKey session, Topic topic, CancellationToken cancellationToken) => inner.SubscribeAsync(session, topic, cancellationToken);

    public ValueTask UnsubscribeAsync(SessionKey session, Topic topic, CancellationToken cancellationToken) => inner.UnsubscribeAsync(session, topic, cancellationToken);

    public ValueTask<IReadOnlyList<SessionKey>> FindSubscribersAsync(TenantId? tenant, Topic topic, CancellationToken cancellationToken) =>
        inner.FindSubscribersAsync(tenant, topic, cancellationToken);

    public ValueTask RemoveAsync(SessionKey session, CancellationToken cancellationToken) => inner.RemoveAsync(session, cancellationToken);
}
