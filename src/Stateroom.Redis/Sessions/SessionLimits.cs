using StackExchange.Redis;
using Stateroom.Redis.Connection;
using Stateroom.Limits;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.Redis.Sessions;

/// <summary>
/// Counts the sessions of tenants and owners, whose sets are in other slots than the sessions: a place is reserved, the session opened, the place taken.
/// A crash in between lets the reservation lapse.
/// </summary>
/// <remarks>
/// The owner's place comes first. A place at the tenant is then only ever held by a creation that goes through, so creations in parallel
/// fill the tenant exactly; an owner's place that is given back was refused at a tenant that is full.
/// </remarks>
internal sealed class SessionLimits(EntrySets sets, RedisCommands commands, RedisKeys keys, SessionOptions options, LimitTable limits)
{
    /// <summary>Reserves the places that a new session needs.</summary>
    /// <returns>Null, or the limit that is reached, the tenant's if both are; then nothing is held.</returns>
    public async Task<SessionCreationStatus?> ReserveAsync(Caller caller, string id, string tag, CancellationToken cancellationToken)
    {
        Task<bool> AtTenantAsync(TimeSpan hold) => ReserveAsync(keys.TenantSessions(caller), tag, t => t, limits.Of(caller.Tenant).MaxSessionsPerTenant, hold, cancellationToken);
        Task<bool> AtOwnerAsync(TimeSpan hold) => ReserveAsync(
            keys.OwnerSessions(caller), id, i => RedisKeys.Tag(new(caller.Tenant, i)), limits.Of(caller.Tenant).MaxSessionsPerOwner, hold, cancellationToken);

        if (!caller.IsAnonymous && !await AtOwnerAsync(Lifetimes.Reservation))
        {
            return await AtTenantAsync(TimeSpan.Zero) ? SessionCreationStatus.OwnerLimitReached : SessionCreationStatus.TenantLimitReached;
        }

        if (await AtTenantAsync(Lifetimes.Reservation))
        {
            return null;
        }

        if (!caller.IsAnonymous)
        {
            await RemoveAsync(keys.OwnerSessions(caller), id, cancellationToken);
        }

        return SessionCreationStatus.TenantLimitReached;
    }

    /// <summary>Takes the places of a session, or keeps them for as long again.</summary>
    public Task EnterAsync(Caller caller, string id, string tag, long endsAt, CancellationToken cancellationToken)
    {
        var tenant = sets.EnterAsync(keys.TenantSessions(caller), tag, endsAt, cancellationToken);
        return caller.IsAnonymous ? tenant : Task.WhenAll(tenant, sets.EnterAsync(keys.OwnerSessions(caller), id, endsAt, cancellationToken));
    }

    /// <summary>Gives the places of a session back.</summary>
    public Task ReleaseAsync(Caller caller, string id, string tag, CancellationToken cancellationToken)
    {
        var tenant = RemoveAsync(keys.TenantSessions(caller), tag, cancellationToken);
        return caller.IsAnonymous ? tenant : Task.WhenAll(tenant, RemoveAsync(keys.OwnerSessions(caller), id, cancellationToken));
    }

    private async Task<bool> ReserveAsync(RedisKey set, string member, Func<string, string> tagOf, int limit, TimeSpan hold, CancellationToken cancellationToken)
    {
        var reply = await sets.ReserveAsync(set, member, limit, hold, cancellationToken);
        if (reply.Status == 1)
        {
            return true;
        }

        var doubtful = reply.List(2).Select(m => (string)m!).Where(m => m[0] != EntrySets.ReservedMark).ToList();
        return await HealAsync(set, doubtful, tagOf, reply.Now, cancellationToken)
            && (await sets.ReserveAsync(set, member, limit, hold, cancellationToken)).Status == 1;
    }

    /// <summary>Looks after the sessions behind members that are old enough to be dead. Each is looked at once in its time: a living one is told anew until when it may stand.</summary>
    /// <returns>Whether one was dead.</returns>
    private async Task<bool> HealAsync(RedisKey set, List<string> doubtful, Func<string, string> tagOf, long now, CancellationToken cancellationToken)
    {
        if (doubtful.Count == 0)
        {
            return false;
        }

        var deadlines = await commands.RunAsync(
            database => Task.WhenAll(doubtful.Select(m => database.HashGetAsync(keys.Session(tagOf(m)), SessionFields.HeadName, CommandFlags.DemandMaster))),
            cancellationToken);
        var found = doubtful.Zip(deadlines, (member, times) => (Member: member, Deadline: times.IsNull ? 0 : SessionTimes.Read((byte[])times!).Deadline)).ToList();
        var dead = found.Where(f => f.Deadline <= now).Select(f => f.Member).ToList();
        var half = (long)Lifetimes.HalfIdle(options).TotalMilliseconds;
        await sets.HealAsync(set, dead, found.Where(f => f.Deadline > now).Select(f => (f.Member, f.Deadline + half)), cancellationToken);
        return dead.Count > 0;
    }

    private Task<long> RemoveAsync(RedisKey set, string member, CancellationToken cancellationToken) =>
        commands.RunAsync(database => database.SortedSetRemoveAsync(set, [member, EntrySets.ReservedMark + member], CommandFlags.DemandMaster), cancellationToken);
}
