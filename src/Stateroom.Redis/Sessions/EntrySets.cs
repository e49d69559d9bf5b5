using StackExchange.Redis;
using Stateroom.Redis.Scripts;
using Stateroom.Sessions;

namespace Stateroom.Redis.Sessions;

/// <summary>The scripts that work on the sets of a tenant's, an owner's and a topic's sessions, each a method.</summary>
internal sealed class EntrySets(ScriptRunner runner, SessionOptions options)
{
    private static readonly RedisScript Reservation = new("Reserve");
    private static readonly RedisScript Entering = new("Enter");
    private static readonly RedisScript Healing = new("Heal");
    private static readonly RedisScript Listing = new("List");
    private static readonly RedisScript ListingTenants = new("ListTenants");
    private static readonly RedisScript Counting = new("Count");

    /// <summary>
    /// Takes the places of a new session, all or none. Status 1: taken, with [2] the sets in which that was now; 0: a limit is reached, with [2] whether it is the
    /// tenant's and, for each set, [3] the members that may stand for dead sessions.
    /// </summary>
    /// <param name="sets">The tenant's set of the other era, its set of the session's own, and the owner's if there is one.</param>
    /// <param name="member">The session's id.</param>
    /// <param name="maxAtTenant">How many sessions the tenant may have, of both eras together.</param>
    /// <param name="maxAtOwner">How many the owner may have.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<ScriptReply> ReserveAsync(RedisKey[] sets, string member, int maxAtTenant, int maxAtOwner, CancellationToken cancellationToken) =>
        runner.RunAsync(
            Reservation, sets,
            [
                default, Milliseconds(Lifetimes.NewEntry(options)), Milliseconds(Lifetimes.HalfIdle(options)), Milliseconds(Lifetimes.Opening(options)),
                member, maxAtTenant, maxAtOwner,
            ],
            cancellationToken);

    /// <summary>Enters or renews a member of each of some sets of one slot.</summary>
    /// <param name="sets">The sets.</param>
    /// <param name="members">The member of each.</param>
    /// <param name="endsAt">Until when at the most, in ms; 0 for no such limit.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<ScriptReply> EnterAsync(RedisKey[] sets, RedisValue[] members, long endsAt, CancellationToken cancellationToken) =>
        runner.RunAsync(Entering, sets, [default, Milliseconds(Lifetimes.Entry(options)), endsAt, .. members], cancellationToken);

    /// <summary>Takes out members that are dead and gives living ones their time.</summary>
    public Task<ScriptReply> HealAsync(RedisKey set, IReadOnlyCollection<string> dead, IEnumerable<(string Member, long Until)> alive, CancellationToken cancellationToken) =>
        runner.RunAsync(
            Healing, [set],
            [default, dead.Count, .. dead.Select(d => (RedisValue)d), .. alive.SelectMany(a => (RedisValue[])[a.Member, a.Until])], cancellationToken);

    /// <summary>Status 1, with [2] the members.</summary>
    public Task<ScriptReply> ListAsync(RedisKey set, CancellationToken cancellationToken) =>
        runner.RunAsync(Listing, [set], [default], cancellationToken);

    /// <summary>Status 1, with [2] some members, in order.</summary>
    /// <param name="set">The tenants.</param>
    /// <param name="ordered">Where they are put in order when a walk begins.</param>
    /// <param name="after">The member after which to go on; empty to begin.</param>
    /// <param name="count">How many at the most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<ScriptReply> ListTenantsAsync(RedisKey set, RedisKey ordered, RedisValue after, int count, CancellationToken cancellationToken) =>
        runner.RunAsync(ListingTenants, [set, ordered], [default, after, count, Milliseconds(Lifetimes.TenantsInOrder)], cancellationToken);

    /// <summary>Status 1, with, for each set, [2] how many members there are, [3] some of those that may stand for dead sessions.</summary>
    /// <param name="sets">The sets, of one slot.</param>
    /// <param name="some">How many of those at the most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<ScriptReply> CountAsync(RedisKey[] sets, int some, CancellationToken cancellationToken) =>
        runner.RunAsync(Counting, sets, [default, Milliseconds(Lifetimes.HalfIdle(options)), some], cancellationToken);

    private static long Milliseconds(TimeSpan span) => (long)span.TotalMilliseconds;
}
