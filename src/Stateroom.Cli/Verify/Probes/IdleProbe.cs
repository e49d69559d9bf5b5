using System.Globalization;

namespace Stateroom.Cli.Verify.Probes;

/// <summary>Uses one session again and again, within its idle timeout but for longer than that in all, and leaves another alone.</summary>
internal sealed class IdleProbe : IProbe
{
    private const double Step = 0.4;
    private const double Least = 0.9;
    private const int Uses = 6;
    private const double Longest = 1.5;
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(2);

    public async Task<CheckReport> RunAsync(EraRun run, CancellationToken cancellationToken)
    {
        if (run.Options.Idle is not { } idle)
        {
            return new(CheckNames.Idle, run.Era, 0, CheckVerdict.NotChecked, "give the server's idle timeout: --idle SECONDS");
        }

        var used = UseAsync(run, idle, cancellationToken);
        var left = LeaveAsync(run, idle, cancellationToken);
        return await used is { Verdict: not CheckVerdict.Holds } report ? report : await left;
    }

    private static async Task<CheckReport> UseAsync(EraRun run, TimeSpan idle, CancellationToken cancellationToken)
    {
        var session = await run.OpenAsync(run.Options.Tokens[0], cancellationToken);
        var lines = new List<string> { $"{Moment.Format(run.Clock.Now)}: opened" };
        for (var i = 0; i < Uses; i++)
        {
            var last = run.Clock.Elapsed;
            await Task.Delay(idle * Step, run.Clock.Time, cancellationToken);
            var answer = await run.SteadilyAsync(() => session.CallAsync(run.Profile.AnyRead.Call(), null, null, cancellationToken), cancellationToken);
            var gap = run.Clock.Elapsed - last;
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{Moment.Format(run.Clock.Now)}: used after {gap.TotalSeconds:F1} s: {answer.Describe()}"));
            if (gap > idle * Least)
            {
                return new(CheckNames.Idle, run.Era, i + 1, CheckVerdict.Undecided, "this machine or the server was too slow for so short a timeout");
            }

            if (run.Sessions.IsGone(answer))
            {
                run.Forget(session);
                return new(CheckNames.Idle, run.Era, i + 1, CheckVerdict.Broken) { Counterexample = new("A session expired although it was used in time.", lines) };
            }
        }

        await run.EndAsync(session, cancellationToken);
        return new(CheckNames.Idle, run.Era, Uses, CheckVerdict.Holds);
    }

    private static async Task<CheckReport> LeaveAsync(EraRun run, TimeSpan idle, CancellationToken cancellationToken)
    {
        var session = await run.OpenAsync(run.Options.Tokens[^1], cancellationToken);
        var opened = run.Clock.Now;
        await Task.Delay((idle * Longest) + Margin, run.Clock.Time, cancellationToken);
        var answer = await run.SteadilyAsync(() => session.CallAsync(run.Profile.AnyRead.Call(), null, null, cancellationToken), cancellationToken);
        if (!answer.IsOk)
        {
            run.Forget(session);
            return new(CheckNames.Idle, run.Era, Uses + 1, run.Sessions.IsGone(answer) ? CheckVerdict.Holds : CheckVerdict.Undecided, run.Sessions.IsGone(answer) ? null : answer.Describe());
        }

        return new(CheckNames.Idle, run.Era, Uses + 1, CheckVerdict.Broken)
        {
            Counterexample = new("A session outlived its idle timeout.", [$"{Moment.Format(opened)}: opened", $"{Moment.Format(run.Clock.Now)}: used for the first time since: ok"]),
        };
    }
}
