using System.Text.Json;
using Stateroom.Administration;
using Stateroom.AspNetCore.Handshake;
using Stateroom.Messaging;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Administration;

/// <summary>Puts what is known of tenants and sessions into answers, which hold neither an id nor a state.</summary>
internal sealed class AnswerBuilder(IEnumerable<ITenantUsage> usages, ISessionBackplane backplane)
{
    public async Task<TenantList> OfAsync(TenantPage page, CancellationToken cancellationToken)
    {
        var tenants = new List<TenantAnswer>();
        foreach (var tenant in page.Tenants)
        {
            tenants.Add(await OfAsync(tenant, cancellationToken));
        }

        return new(tenants, page.Next is { } next ? Cursor.AfterTenant(TenantSegment.Of(next)) : null);
    }

    public async Task<TenantAnswer> OfAsync(TenantSummary tenant, CancellationToken cancellationToken)
    {
        var limits = new List<LimitUsage>();
        foreach (var usage in usages)
        {
            limits.AddRange(await usage.ReadAsync(tenant, cancellationToken));
        }

        var rooms = tenant.Tenant;
        return new(
            rooms.IsAnonymous ? null : rooms.Tenant.Value,
            TenantSegment.Of(rooms),
            rooms.IsAnonymous ? "anonymous" : CallerFingerprint.Of(rooms.Tenant),
            tenant.Sessions.Total,
            new(tenant.Sessions.Handshake, tenant.Sessions.Stateless),
            limits);
    }

    public InstanceList Of(IEnumerable<InstanceSummary> instances) => new(
        [.. instances.OrderBy(i => i.StartedAt).ThenBy(i => i.Id, StringComparer.Ordinal)
            .Select(i => new InstanceAnswer(i.Id, i.Host, i.Version, i.StartedAt.UtcDateTime, string.Equals(i.Id, backplane.InstanceId, StringComparison.Ordinal)))]);

    public Task<SessionList> OfAsync(SessionPage page, CancellationToken cancellationToken) =>
        OfAsync(page.Sessions, page.Next is { } next ? Cursor.AfterSession(next) : null, cancellationToken);

    public Task<SessionList> OfAsync(SearchPage page, CancellationToken cancellationToken) =>
        OfAsync(page.Sessions, page.Next is { } next ? Cursor.AfterFound(next) : null, cancellationToken);

    public async Task<SessionAnswer> OfAsync(SessionSummary session, CancellationToken cancellationToken) =>
        Of(session, await AliveAsync([session], cancellationToken));

    /// <summary>What the client said of itself; null where it is known at each request only, or cannot be read here.</summary>
    public static ClientAnswer? ClientOf(SessionSummary session)
    {
        if (session.Client.IsEmpty)
        {
            return null;
        }

        try
        {
            var profile = ClientProfile.Parse(session.Client);
            return new(profile.Info?.Name, profile.Info?.Version, profile.ProtocolVersion);
        }
        catch (Exception e) when (e is JsonException or SessionStoreUnavailableException or KeyNotFoundException or InvalidOperationException)
        {
            // In a format of a newer version, or of somebody else's: the session can be ended all the same.
            return null;
        }
    }

    private async Task<SessionList> OfAsync(IReadOnlyList<SessionSummary> sessions, string? cursor, CancellationToken cancellationToken)
    {
        var alive = await AliveAsync(sessions, cancellationToken);
        return new([.. sessions.Select(s => Of(s, alive))], cursor);
    }

    /// <summary>The instances among those with streams that are alive: what others left open is open no more.</summary>
    private async Task<HashSet<string>> AliveAsync(IEnumerable<SessionSummary> sessions, CancellationToken cancellationToken)
    {
        var alive = new HashSet<string>(StringComparer.Ordinal);
        foreach (var instance in sessions.SelectMany(s => s.Streams).Select(s => s.Instance).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            if (await backplane.IsAliveAsync(instance, cancellationToken))
            {
                alive.Add(instance);
            }
        }

        return alive;
    }

    private static SessionAnswer Of(SessionSummary session, HashSet<string> alive) => new(
        session.Reference,
        session.Caller.IsAnonymous ? null : session.Caller.Tenant.Value,
        TenantSegment.Of(TenantRooms.Of(session.Caller)),
        session.Caller.IsAnonymous ? null : session.Caller.Owner,
        CallerFingerprint.Of(session.Caller),
        session.Era == SessionEra.Handshake ? EraNames.Handshake : EraNames.Stateless,
        ClientOf(session),
        session.CreatedAt.UtcDateTime,
        session.LastActiveAt.UtcDateTime,
        session.ExpiresAt.UtcDateTime,
        session.StateBytes,
        session.Client.Length,
        [.. session.Streams.Where(s => s.Instance is not null && alive.Contains(s.Instance)).Select(s => new StreamAnswer(s.IsGeneral ? "general" : "request", s.Instance!))]);
}
