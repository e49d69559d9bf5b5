using StackExchange.Redis;
using Stateroom.Administration;
using Stateroom.Limits;
using Stateroom.Redis.Administration;
using Stateroom.Redis.Connection;
using Stateroom.Redis.Scripts;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.Redis.Sessions;

/// <summary>
/// Counts the sessions of tenants and owners. The sets of a tenant, one an era, and of its owners are in one slot, so a new session takes its places in one step; the
/// sessions are in other slots. A place is taken before its session is opened: should that fail, it is found when a limit is reached, and given back.
/// </summary>
internal sealed class SessionLimits(EntrySets sets, TenantNames tenants, RedisCommands commands, RedisKeys keys, SessionOptions options, LimitTable table)
{
    /// <summary>Takes the places of a new session.</summary>
    /// <returns>The limit that is reached, the tenant's if both are, and nothing was taken; or null, until when the places are held, and the sets in which they were taken now.</returns>
    public async Task<(SessionCreationStatus? Refused, long HeldUntil, IReadOnlyList<RedisKey> Taken)> ReserveAsync(SessionClaim session, CancellationToken cancellationToken)
    {
        var rooms = TenantRooms.Of(session.Caller);
        var limits = table.Of(rooms.Tenant);
        RedisKey[] all = [keys.TenantSessions(rooms, session.Era == SessionEra.Handshake ? SessionEra.Stateless : SessionEra.Handshake), .. Places(session)];
        var reserving = TakeAsync();
        await Task.WhenAll(reserving, tenants.EnterAsync(rooms, cancellationToken));
        var reply = await reserving;
        if (reply.Status == 0 && (await HealAsync(rooms.Tenant, all, reply.List(3), reply.Now, cancellationToken)).Sum() > 0)
        {
            reply = await TakeAsync();
        }

        return reply.Status == 1
            ? (null, reply.Now + (long)Lifetimes.Opening(options).TotalMilliseconds, [.. reply.List(2).Select(set => (RedisKey)(string)set!)])
            : (reply.Number(2) == 1 ? SessionCreationStatus.TenantLimitReached : SessionCreationStatus.OwnerLimitReached, 0, []);

        Task<ScriptReply> TakeAsync() => sets.ReserveAsync(all, session.Id, limits.MaxSessionsPerTenant, limits.MaxSessionsPerOwner, cancellationToken);
    }

    /// <summary>Keeps the places of a session for as long again.</summary>
    public Task EnterAsync(SessionClaim session, long endsAt, CancellationToken cancellationToken)
    {
        var places = Places(session);
        return Task.WhenAll(
            sets.EnterAsync(places, [.. places.Select(_ => (RedisValue)session.Id)], endsAt, cancellationToken),
            tenants.EnterAsync(TenantRooms.Of(session.Caller), cancellationToken));
    }

    /// <summary>Gives the places of a session back.</summary>
    public Task ReleaseAsync(SessionClaim session, CancellationToken cancellationToken) => ReleaseAsync(session.Id, Places(session), cancellationToken);

    /// <summary>Gives places of a session back.</summary>
    public Task ReleaseAsync(string id, IEnumerable<RedisKey> places, CancellationToken cancellationToken) => Task.WhenAll(
        places.Select(set => commands.RunAsync(
            database => database.SortedSetRemoveAsync(set, id, CommandFlags.DemandMaster), cancellationToken)));

    /// <summary>Counts the live sessions of a tenant. A place whose opening failed counts until its session would have expired.</summary>
    public async Task<SessionCount> CountAsync(TenantRooms tenant, CancellationToken cancellationToken)
    {
        const int Some = 1_000;
        var both = keys.TenantSessions(tenant);
        while (true)
        {
            // Those that are looked at are taken out, or stand for longer, so that the next are others.
            var reply = await sets.CountAsync(both, Some, cancellationToken);
            var dead = await HealAsync(tenant.Tenant, both, reply.List(3), reply.Now, cancellationToken);
            if (reply.List(3).All(doubtful => doubtful.Length < Some))
            {
                var counts = reply.List(2).Zip(dead, (held, gone) => (int)held - gone).ToList();
                return new(counts[0], counts[1]);
            }
        }
    }

    /// <summary>The sets that a session is in: its tenant's of its era and, where somebody owns it, the owner's.</summary>
    private RedisKey[] Places(SessionClaim session)
    {
        var rooms = TenantRooms.Of(session.Caller);
        var atTenant = keys.TenantSessions(rooms, session.Era);
        return session.Caller.Party is { } party ? [atTenant, keys.OwnerSessions(rooms, party)] : [atTenant];
    }

    /// <summary>Looks after the sessions behind members of some sets that may be dead.</summary>
    /// <returns>How many were dead in each.</returns>
    private Task<int[]> HealAsync(TenantId tenant, RedisKey[] all, RedisResult[] doubtful, long now, CancellationToken cancellationToken) =>
        Task.WhenAll(all.Zip(doubtful, (set, members) => HealAsync(tenant, set, [.. ((RedisResult[])members!).Select(m => (string)m!)], now, cancellationToken)));

    /// <summary>Looks after the sessions behind members of a set that may be dead. Each is looked at once in its time: a living one is told anew until when it may stand.</summary>
    /// <returns>How many were dead.</returns>
    private async Task<int> HealAsync(TenantId tenant, RedisKey set, List<string> doubtful, long now, CancellationToken cancellationToken)
    {
        if (doubtful.Count == 0)
        {
            return 0;
        }

        var times = await commands.RunAsync(
            database => Task.WhenAll(doubtful.Select(m => database.StringGetRangeAsync(
                keys.Session(RedisKeys.Tag(new(tenant, m))), 0, SessionTimes.Size - 1, CommandFlags.DemandMaster))),
            cancellationToken);
        var found = doubtful.Zip(times, (member, head) => (Member: member, Deadline: head.IsNullOrEmpty ? 0 : SessionTimes.Read((byte[])head!).Deadline)).ToList();
        var dead = found.Where(f => f.Deadline <= now).Select(f => f.Member).ToList();
        var half = (long)Lifetimes.HalfIdle(options).TotalMilliseconds;
        await sets.HealAsync(set, dead, found.Where(f => f.Deadline > now).Select(f => (f.Member, f.Deadline + half)), cancellationToken);
        return dead.Count;
    }
}
