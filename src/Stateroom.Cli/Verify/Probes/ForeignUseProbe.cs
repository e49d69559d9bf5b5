using Stateroom.Cli.Protocol;

namespace Stateroom.Cli.Verify.Probes;

/// <summary>
/// Uses the sessions of one caller in the name of another. The answer must be, byte for byte, that to an id that never was, or ids could be tried out;
/// and the session must be untouched.
/// </summary>
internal sealed class ForeignUseProbe : IProbe
{
    private const int MaxPairs = 12;
    private const long RequestId = 4711;

    public async Task<CheckReport> RunAsync(EraRun run, CancellationToken cancellationToken)
    {
        var tokens = run.Options.Tokens;
        if (tokens.Count < 2)
        {
            return new(CheckNames.Foreign, run.Era, 0, CheckVerdict.NotChecked, "it takes two callers: give --token twice");
        }

        var operations = 0L;
        foreach (var (owner, other) in tokens.SelectMany(a => tokens.Where(b => b != a).Select(b => (a, b))).Take(MaxPairs))
        {
            var session = await run.OpenAsync(owner, cancellationToken);
            var stranger = run.Sessions.Use(other, session.Id);
            var nobody = run.Sessions.Use(other, MadeUpId.Like(session.Id, run.Ids));
            foreach (var (what, act) in Actions(run, cancellationToken))
            {
                operations += 2;
                var unknown = await run.SteadilyAsync(() => act(nobody), cancellationToken);
                var foreign = await run.SteadilyAsync(() => act(stranger), cancellationToken);
                if (Fault(session.Id, foreign, nobody.Id, unknown) is { } fault)
                {
                    return Broken(fault, what, foreign, unknown);
                }
            }

            var own = await run.SteadilyAsync(() => session.CallAsync(run.Profile.AnyRead.Call(), null, null, cancellationToken), cancellationToken);
            operations++;
            if (run.Sessions.IsGone(own))
            {
                return Broken("A stranger's calls ended a session.", "its owner reads it", own, null);
            }

            await run.EndAsync(session, cancellationToken);
        }

        return new(CheckNames.Foreign, run.Era, operations, CheckVerdict.Holds);

        CheckReport Broken(string summary, string what, Answer foreign, Answer? unknown) => new(CheckNames.Foreign, run.Era, operations, CheckVerdict.Broken)
        {
            Counterexample = new(summary, unknown is null
                ? [$"{what}: {foreign.Describe()}"]
                : [$"{what}, a session of somebody else: {Show(foreign)}", $"{what}, a session that never was: {Show(unknown)}"]),
        };
    }

    private static IEnumerable<(string What, Func<IMcpSession, Task<Answer>> Act)> Actions(EraRun run, CancellationToken cancellationToken)
    {
        yield return ("read", s => s.CallAsync(run.Profile.AnyRead.Call(), null, RequestId, cancellationToken));
        if (run.Profile.Places is { } places)
        {
            yield return ("write", s => s.CallAsync(places.Save.Call(("key", "home"), ("value", "stranger")), null, RequestId, cancellationToken));
        }
        else if (run.Profile.Counter is { } counter)
        {
            yield return ("write", s => s.CallAsync(counter.Increment.Call(), null, RequestId, cancellationToken));
        }

        if (run.Era is Era.Handshake)
        {
            yield return ("open its stream", s => ((HandshakeSession)s).SendAsync(HttpMethod.Get, null, null, cancellationToken));
            yield return ("end", s => s.EndAsync(cancellationToken));
        }
        else
        {
            // As any call, under the one request id that answers repeat.
            yield return ("end", s => s.CallAsync(run.Profile.Handle!.Close.Call(), null, RequestId, cancellationToken));
        }
    }

    private static string? Fault(string id, Answer foreign, string madeUp, Answer unknown)
    {
        if (Told(foreign, id) == Told(unknown, madeUp))
        {
            return foreign.IsOk ? "An id that never was is accepted." : null;
        }

        return foreign.Status is >= 200 and < 300 && !foreign.IsToolError ? "A session is served to somebody else." : "The answer tells which sessions exist.";
    }

    /// <summary>Everything that the answer tells, but for the id that was sent and how long to wait.</summary>
    private static (int, string, string) Told(Answer answer, string id) =>
        (answer.Status, answer.Headers, answer.Body.Replace(id, "", StringComparison.Ordinal));

    private static string Show(Answer answer) => $"{answer.Describe()} {(answer.Body.Length > 160 ? answer.Body[..160] + "…" : answer.Body)}".TrimEnd();
}
