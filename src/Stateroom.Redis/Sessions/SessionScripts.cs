using StackExchange.Redis;
using Stateroom.Encryption;
using Stateroom.Limits;
using Stateroom.Redis.Scripts;
using Stateroom.Sessions;

namespace Stateroom.Redis.Sessions;

/// <summary>The scripts that work on one session, each a method.</summary>
internal sealed class SessionScripts(ScriptRunner runner, RedisKeys keys, SessionOptions options, LimitTable limits)
{
    private static readonly RedisScript Creation = new("Create");
    private static readonly RedisScript Touching = new("Session", "Slide", "Touch", "Answer") { Name = "Touch" };
    private static readonly RedisScript Writing = new("Session", "WriteState", "Slide", "SaveState", "Answer") { Name = "WriteState" };
    private static readonly RedisScript Ending = new("Session", "End");
    private static readonly RedisScript Heading = new("Head");
    private static readonly RedisScript Indexing = new("Session", "MarkIndexed");

    /// <summary>Status 1: opened; 0: there is or was such an id; 2: its places are not held any more.</summary>
    public Task<ScriptReply> CreateAsync(string tag, NewSession session, long heldUntil, CancellationToken cancellationToken) =>
        runner.RunAsync(
            Creation,
            [keys.Session(tag), keys.Gone(tag)],
            [
                default, SessionFields.Body(session), Milliseconds(options.IdleTimeout), options.AbsoluteLifetime is { } lifetime ? Milliseconds(lifetime) : 0,
                session.State.Sum(s => SealedContent.SizeOf(s.Value.Span)), heldUntil,
            ],
            cancellationToken);

    /// <summary>Status 1: found, with the session as it was before as the text; where its entries are due, [3] absolute end, [4] topics besides.</summary>
    public ValueTask<ScriptReply> TouchAsync(SessionAddress session, CancellationToken cancellationToken) =>
        runner.AskAsync(Touching, session.Keys, [default, session.Terms], cancellationToken);

    /// <summary>Status 1: written, as in <see cref="TouchAsync"/>, with the entry's version as the text; 2: conflict with [2] version, [3] data; 3: too large with [2] bytes.</summary>
    public ValueTask<ScriptReply> WriteAsync(SessionAddress session, StateWrite write, CancellationToken cancellationToken) =>
        runner.AskAsync(
            Writing,
            session.Keys,
            [default, session.Terms, SessionFields.Terms(write, limits.Of(session.Claim.Caller.Tenant).MaxStateBytes), write.Data ?? RedisValue.EmptyString],
            cancellationToken);

    /// <summary>Status 1: ended.</summary>
    public Task<ScriptReply> EndAsync(SessionAddress session, CancellationToken cancellationToken) =>
        runner.RunAsync(Ending, [.. session.Keys, keys.Gone(session.Tag)], [default, session.Terms, Milliseconds(options.StreamRetention)], cancellationToken);

    /// <summary>Status 1, with [2] the session without its state, empty if there is none. Whose it is is for the caller to check.</summary>
    public Task<ScriptReply> ReadHeadAsync(string tag, CancellationToken cancellationToken) =>
        runner.RunAsync(Heading, [keys.Session(tag)], [default], cancellationToken);

    public Task<ScriptReply> MarkIndexedAsync(SessionAddress session, CancellationToken cancellationToken) =>
        runner.RunAsync(Indexing, session.Keys, [default, session.Terms], cancellationToken);

    private static long Milliseconds(TimeSpan span) => (long)span.TotalMilliseconds;
}
