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
    private static readonly RedisScript Counting = new("Count");

    /// <summary>How a member looks while its place is only reserved.</summary>
    public const char ReservedMark = '?';

    /// <summary>Takes a place for a while, or only looks whether there is one if that is no time. Status 1: there is; 0: full, with [2] the members that may stand for dead sessions.</summary>
    public Task<ScriptReply> ReserveAsync(RedisKey set, string member, int limit, TimeSpan hold, CancellationToken cancellationToken) =>
        runner.RunAsync(
            Reservation, [set],
            [default, member, limit, Milliseconds(hold), Milliseconds(Lifetimes.HalfIdle(options))], cancellationToken);

    /// <summary>Enters or renews a member.</summary>
    /// <param name="set">The set.</param>
    /// <param name="member">The member.</param>
    /// <param name="endsAt">Until when at the most, in ms; 0 for no such limit.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<ScriptReply> EnterAsync(RedisKey set, RedisValue member, long endsAt, CancellationToken cancellationToken) =>
        runner.RunAsync(Entering, [set], [default, member, Milliseconds(Lifetimes.Entry(options)), endsAt], cancellationToken);

    /// <summary>Takes out members that are dead and gives living ones their time.</summary>
    public Task<ScriptReply> HealAsync(RedisKey set, IReadOnlyCollection<string> dead, IEnumerable<(string Member, long Until)> alive, CancellationToken cancellationToken) =>
        runner.RunAsync(
            Healing, [set],
            [default, dead.Count, .. dead.Select(d => (RedisValue)d), .. alive.SelectMany(a => (RedisValue[])[a.Member, a.Until])], cancellationToken);

    /// <summary>Status 1, with [2] the members.</summary>
    public Task<ScriptReply> ListAsync(RedisKey set, CancellationToken cancellationToken) =>
        runner.RunAsync(Listing, [set], [default], cancellationToken);

    /// <summary>Status 1, with [2] how many members stand for living sessions for certain, [3] the members that may stand for dead ones.</summary>
    public Task<ScriptReply> CountAsync(RedisKey set, CancellationToken cancellationToken) =>
        runner.RunAsync(Counting, [set], [default, Milliseconds(Lifetimes.HalfIdle(options))], cancellationToken);

    private static long Milliseconds(TimeSpan span) => (long)span.TotalMilliseconds;
}
