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
/// Counts the sessions of tenants and owners. The sets of a tenant and of its owners are in one slot, so a new session takes its places in one step; the sessions
/// are in other slots. A place is taken before its session is opened: should that fail, it is found when the set is full, and given back.
/// </summary>
internal sealed class SessionLimits(EntrySets sets, TenantNames tenants, RedisCommands commands, RedisKeys keys, SessionOptions options, LimitTable table)
{
    /// <summary>Takes the places of a new session.</summary>
    /// <returns>The limit that is reached, the tenant's if both are, and nothing was taken; or null, until when the places are held, and whether they were taken now.</returns>
    public async Task<(SessionCreationStatus? Refused, long HeldUntil, bool Taken)> ReserveAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        var places = Places(caller, id);
        var reserving = sets.ReserveAsync(places, cancellationToken);
        await Task.WhenAll(reserving, tenants.EnterAsync(TenantRooms.Of(caller), cancellationToken));
        var reply = await reserving;
        if (reply.Status == 0 && await HealAsync(caller.Tenant, places, reply, cancellationToken))
        {
            reply = await sets.ReserveAsync(places, cancellationToken);
        }

        return reply.Status == 1
            ? (null, reply.Now + (long)Lifetimes.Opening(options).TotalMilliseconds, reply.Number(2) == 1)
            : (IsFull(reply, 0) ? SessionCreationStatus.TenantLimitReached : SessionCreationStatus.OwnerLimitReached, 0, false);
    }

    /// <summary>Keeps the places of a session for as long again.</summary>
    public Task EnterAsync(Caller caller, string id, long endsAt, CancellationToken cancellationToken)
    {
        var places = Places(caller, id);
        return Task.WhenAll(
            sets.EnterAsync([.. places.Select(p => p.Set)], [.. places.Select(p => (RedisValue)p.Member)], endsAt, cancellationToken),
            tenants.EnterAsync(TenantRooms.Of(caller), cancellationToken));
    }

    /// <summary>Gives the places of a session back.</summary>
    public Task ReleaseAsync(Caller caller, string id, CancellationToken cancellationToken) => Task.WhenAll(
        Places(caller, id).Select(p => commands.RunAsync(
            database => database.SortedSetRemoveAsync(p.Set, p.Member, CommandFlags.DemandMaster), cancellationToken)));

    /// <summary>Counts the live sessions of a tenant. A place whose opening failed counts until its session would have expired.</summary>
    public async Task<int> CountAsync(TenantRooms tenant, CancellationToken cancellationToken)
    {
        const int Some = 1_000;
        var set = keys.TenantSessions(tenant);
        while (true)
        {
            // Those that are looked at are taken out, or stand for longer, so that the next are others.
            var reply = await sets.CountAsync(set, Some, cancellationToken);
            var doubtful = Members(reply.List(3));
            var dead = await HealAsync(tenant.Tenant, set, doubtful, reply.Now, cancellationToken);
            if (doubtful.Count < Some)
            {
                return (int)reply.Number(2) - dead;
            }
        }
    }

    private IReadOnlyList<Place> Places(Caller caller, string id)
    {
        var limits = table.Of(caller.Tenant);
        var atTenant = new Place(keys.TenantSessions(TenantRooms.Of(caller)), id, limits.MaxSessionsPerTenant);
        return caller.Party is { } party ? [atTenant, new Place(keys.OwnerSessions(TenantRooms.Of(caller), party), id, limits.MaxSessionsPerOwner)] : [atTenant];
    }

    private static bool IsFull(ScriptReply refusal, int place) => (int)((RedisResult[])refusal.List(2)[place]!)[0] == 1;

    private static List<string> Members(RedisResult[] members) => [.. members.Select(m => (string)m!)];

    private async Task<bool> HealAsync(TenantId tenant, IReadOnlyList<Place> places, ScriptReply refusal, CancellationToken cancellationToken)
    {
        var dead = 0;
        for (var i = 0; i < places.Count; i++)
        {
            var doubtful = Members((RedisResult[])((RedisResult[])refusal.List(2)[i]!)[1]!);
            dead += await HealAsync(tenant, places[i].Set, doubtful, refusal.Now, cancellationToken);
        }

        return dead > 0;
    }

    /// <summary>Looks after the sessions behind members that may be dead. Each is looked at once in its time: a living one is told anew until when it may stand.</summary>
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
