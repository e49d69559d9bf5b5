using Stateroom.Messaging;
using Stateroom.Sessions;

namespace Stateroom.Administration;

/// <summary>Lists the sessions of an in-process store.</summary>
public sealed class InMemorySessionDirectory : ISessionDirectory
{
    private readonly InMemorySessionStore _store;
    private readonly InMemorySessionOutbox _outbox;
    private readonly InMemoryStreamReaders _readers;

    /// <summary>Makes a directory.</summary>
    /// <param name="store">Whose sessions it lists.</param>
    /// <param name="outbox">Whose open streams it shows.</param>
    /// <param name="readers">Whose readers it shows.</param>
    public InMemorySessionDirectory(InMemorySessionStore store, InMemorySessionOutbox outbox, InMemoryStreamReaders readers)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(outbox);
        _store = store;
        ArgumentNullException.ThrowIfNull(readers);
        _outbox = outbox;
        _readers = readers;
    }

    /// <inheritdoc/>
    public ValueTask<TenantPage> ListTenantsAsync(TenantRooms? after, int limit, CancellationToken cancellationToken)
    {
        SessionPaging.CheckLimit(limit);
        cancellationToken.ThrowIfCancellationRequested();
        var found = _store.Tenants()
            .Where(t => after is not { } last || TenantRooms.Order.Compare(t, last) > 0)
            .Order(TenantRooms.Order)
            .Select(t => new TenantSummary(t, Count(t)))
            .Where(t => t.Sessions.Total > 0)
            .Take(limit + 1)
            .ToList();
        return new(found.Count > limit ? new TenantPage(found[..limit], found[limit - 1].Tenant) : new(found, null));
    }

    /// <inheritdoc/>
    public ValueTask<SessionCount> CountSessionsAsync(TenantRooms tenant, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(Count(tenant));
    }

    /// <inheritdoc/>
    public ValueTask<SessionPage> ListSessionsAsync(SessionQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        SessionPaging.CheckLimit(query.Limit);
        cancellationToken.ThrowIfCancellationRequested();
        return _store.Find(query.Tenant) is { } tenant
            ? SessionPaging.FillAsync(query, tenant.Ids(query.Owner), ids => new(Read(tenant, ids)))
            : new(new SessionPage([], null));
    }

    private SessionCount Count(TenantRooms tenant) => _store.Find(tenant)?.Count() ?? default;

    private List<SessionSummary> Read(TenantSessions tenant, IReadOnlyList<string> ids) =>
        [.. tenant.Summarize(ids).Select(s => s with { Streams = Streams(s.Key) })];

    private IReadOnlyList<StreamSummary> Streams(SessionKey session)
    {
        var requests = _outbox.OpenStreams(session);
        return _readers.Find(session) is { } reader ? [.. requests, new(true, StreamNames.InstanceOf(reader))] : requests;
    }
}
