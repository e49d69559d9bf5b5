using StackExchange.Redis;
using Stateroom.Administration;
using Stateroom.Redis.Administration;
using Stateroom.Redis.Connection;
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
internal sealed class SessionLimits(EntrySets sets, TenantNames tenants, RedisCommands commands, RedisKeys keys, SessionOptions options)
{
    /// <summary>Reserves the places that a new session needs.</summary>
    /// <returns>Null, or the limit that is reached, the tenant's if both are; then nothing is held.</returns>
    public async Task<SessionCreationStatus?> ReserveAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        Task<bool> AtTenantAsync(TimeSpan hold) =>
            ReserveAsync(keys.TenantSessions(TenantRooms.Of(caller)), caller.Tenant, id, options.MaxSessionsPerTenant, hold, cancellationToken);
        Task<bool> AtOwnerAsync(TimeSpan hold) => ReserveAsync(keys.OwnerSessions(caller), caller.Tenant, id, options.MaxSessionsPerOwner, hold, cancellationToken);

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
    public Task EnterAsync(Caller caller, string id, long endsAt, CancellationToken cancellationToken)
    {
        var rooms = TenantRooms.Of(caller);
        var tenant = Task.WhenAll(sets.EnterAsync(keys.TenantSessions(rooms), id, endsAt, cancellationToken), tenants.EnterAsync(rooms, cancellationToken));
        return caller.IsAnonymous ? tenant : Task.WhenAll(tenant, sets.EnterAsync(keys.OwnerSessions(caller), id, endsAt, cancellationToken));
    }

    /// <summary>Gives the places of a session back.</summary>
    public Task ReleaseAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        var tenant = RemoveAsync(keys.TenantSessions(TenantRooms.Of(caller)), id, cancellationToken);
        return caller.IsAnonymous ? tenant : Task.WhenAll(tenant, RemoveAsync(keys.OwnerSessions(caller), id, cancellationToken));
    }

    /// <summary>Counts the live sessions of a tenant.</summary>
    public async Task<int> CountAsync(TenantRooms tenant, CancellationToken cancellationToken)
    {
        var set = keys.TenantSessions(tenant);
        var reply = await sets.CountAsync(set, cancellationToken);
        var doubtful = Doubtful(reply.List(3));
        return (int)reply.Number(2) + doubtful.Count - await HealAsync(set, tenant.Tenant, doubtful, reply.Now, cancellationToken);
    }

    private async Task<bool> ReserveAsync(RedisKey set, TenantId tenant, string member, int limit, TimeSpan hold, CancellationToken cancellationToken)
    {
        var reply = await sets.ReserveAsync(set, member, limit, hold, cancellationToken);
        if (reply.Status == 1)
        {
            return true;
        }

        return await HealAsync(set, tenant, Doubtful(reply.List(2)), reply.Now, cancellationToken) > 0
            && (await sets.ReserveAsync(set, member, limit, hold, cancellationToken)).Status == 1;
    }

    /// <summary>Looks after the sessions behind members that are old enough to be dead. Each is looked at once in its time: a living one is told anew until when it may stand.</summary>
    /// <returns>How many were dead.</returns>
    private async Task<int> HealAsync(RedisKey set, TenantId tenant, List<string> doubtful, long now, CancellationToken cancellationToken)
    {
        if (doubtful.Count == 0)
        {
            return 0;
        }

        var deadlines = await commands.RunAsync(
            database => Task.WhenAll(doubtful.Select(m => database.HashGetAsync(keys.Session(RedisKeys.Tag(new(tenant, m))), SessionFields.HeadName, CommandFlags.DemandMaster))),
            cancellationToken);
        var found = doubtful.Zip(deadlines, (member, times) => (Member: member, Deadline: times.IsNull ? 0 : SessionTimes.Read((byte[])times!).Deadline)).ToList();
        var dead = found.Where(f => f.Deadline <= now).Select(f => f.Member).ToList();
        var half = (long)Lifetimes.HalfIdle(options).TotalMilliseconds;
        await sets.HealAsync(set, dead, found.Where(f => f.Deadline > now).Select(f => (f.Member, f.Deadline + half)), cancellationToken);
        return dead.Count;
    }

    /// <summary>The sessions among members; the others are reservations.</summary>
    private static List<string> Doubtful(RedisResult[] members) => [.. members.Select(m => (string)m!).Where(m => m[0] != EntrySets.ReservedMark)];

    private Task<long> RemoveAsync(RedisKey set, string member, CancellationToken cancellationToken) =>
        commands.RunAsync(database => database.SortedSetRemoveAsync(set, [member, EntrySets.ReservedMark + member], CommandFlags.DemandMaster), cancellationToken);
}
