using StackExchange.Redis;
using Stateroom.Limits;
using Stateroom.Redis.Connection;
using Stateroom.Redis.Scripts;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.Redis.Sessions;

/// <summary>
/// Counts the sessions of tenants and owners. The sets of a tenant and of its owners are in one slot, so a new session takes its places in one step; the sessions
/// are in other slots. A place is taken before its session is opened: should that fail, it is found when the set is full, and given back.
/// </summary>
internal sealed class SessionLimits(EntrySets sets, RedisCommands commands, RedisKeys keys, SessionOptions options, LimitTable table)
{
    /// <summary>Takes the places of a new session.</summary>
    /// <returns>The limit that is reached, the tenant's if both are, and nothing was taken; or null, until when the places are held, and whether they were taken now.</returns>
    public async Task<(SessionCreationStatus? Refused, long HeldUntil, bool Taken)> ReserveAsync(Caller caller, string id, string tag, CancellationToken cancellationToken)
    {
        var places = Places(caller, id, tag);
        var reply = await sets.ReserveAsync(places, cancellationToken);
        if (reply.Status == 0 && await HealAsync(places, reply, cancellationToken))
        {
            reply = await sets.ReserveAsync(places, cancellationToken);
        }

        return reply.Status == 1
            ? (null, reply.Now + (long)Lifetimes.Opening(options).TotalMilliseconds, reply.Number(2) == 1)
            : (IsFull(reply, 0) ? SessionCreationStatus.TenantLimitReached : SessionCreationStatus.OwnerLimitReached, 0, false);
    }

    /// <summary>Keeps the places of a session for as long again.</summary>
    public Task EnterAsync(Caller caller, string id, string tag, long endsAt, CancellationToken cancellationToken)
    {
        var places = Places(caller, id, tag);
        return sets.EnterAsync([.. places.Select(p => p.Set)], [.. places.Select(p => (RedisValue)p.Member)], endsAt, cancellationToken);
    }

    /// <summary>Gives the places of a session back.</summary>
    public Task ReleaseAsync(Caller caller, string id, string tag, CancellationToken cancellationToken) => Task.WhenAll(
        Places(caller, id, tag).Select(p => commands.RunAsync(
            database => database.SortedSetRemoveAsync(p.Set, p.Member, CommandFlags.DemandMaster), cancellationToken)));

    private IReadOnlyList<Place> Places(Caller caller, string id, string tag)
    {
        var limits = table.Of(caller.Tenant);
        var atTenant = new Place(keys.TenantSessions(caller), tag, limits.MaxSessionsPerTenant, static member => member);
        return caller.IsAnonymous
            ? [atTenant]
            : [atTenant, new Place(keys.OwnerSessions(caller), id, limits.MaxSessionsPerOwner, member => RedisKeys.Tag(new(caller.Tenant, member)))];
    }

    private static bool IsFull(ScriptReply refusal, int place) => (int)((RedisResult[])refusal.List(2)[place]!)[0] == 1;

    /// <summary>Looks after the sessions behind members that may be dead. Each is looked at once in its time: a living one is told anew until when it may stand.</summary>
    /// <returns>Whether one was dead.</returns>
    private async Task<bool> HealAsync(IReadOnlyList<Place> places, ScriptReply refusal, CancellationToken cancellationToken)
    {
        var healed = false;
        for (var i = 0; i < places.Count; i++)
        {
            var doubtful = ((RedisResult[])((RedisResult[])refusal.List(2)[i]!)[1]!).Select(m => (string)m!).ToList();
            healed |= doubtful.Count > 0 && await HealAsync(places[i], doubtful, refusal.Now, cancellationToken);
        }

        return healed;
    }

    private async Task<bool> HealAsync(Place place, List<string> doubtful, long now, CancellationToken cancellationToken)
    {
        var times = await commands.RunAsync(
            database => Task.WhenAll(doubtful.Select(m => database.StringGetRangeAsync(
                keys.Session(place.TagOf(m)), 0, SessionTimes.Size - 1, CommandFlags.DemandMaster))),
            cancellationToken);
        var found = doubtful.Zip(times, (member, head) => (Member: member, Deadline: head.IsNullOrEmpty ? 0 : SessionTimes.Read((byte[])head!).Deadline)).ToList();
        var dead = found.Where(f => f.Deadline <= now).Select(f => f.Member).ToList();
        var half = (long)Lifetimes.HalfIdle(options).TotalMilliseconds;
        await sets.HealAsync(place.Set, dead, found.Where(f => f.Deadline > now).Select(f => (f.Member, f.Deadline + half)), cancellationToken);
        return dead.Count > 0;
    }
}
