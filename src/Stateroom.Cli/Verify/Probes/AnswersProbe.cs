namespace Stateroom.Cli.Verify.Probes;

/// <summary>
/// Has two sessions asked the same at the same time, in calls with the same request id, and answers each differently: first in one order, then in the
/// other. Then answers a question in the name of the session that was not asked.
/// </summary>
internal sealed class AnswersProbe : IProbe
{
    private const int Enough = 6;
    private const int MaxRounds = 20;
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(300);

    public async Task<CheckReport> RunAsync(EraRun run, CancellationToken cancellationToken)
    {
        if (run.Profile.Question is not { } profile)
        {
            return new(CheckNames.Answers, run.Era, 0, CheckVerdict.NotChecked, "the profile has no question");
        }

        var a = await run.OpenAsync(run.Options.Tokens[0], cancellationToken);
        var b = await run.OpenAsync(run.Options.Tokens[^1], cancellationToken);
        var (decided, undecided, asked) = (0, 0, 0);
        for (var round = 0; round < MaxRounds && decided < Enough && (round == 0 || asked > 0); round++)
        {
            foreach (var stolen in (bool[])[false, true])
            {
                var attempt = new CrossedCalls(run, profile, a, b, stolen, firstAnswers: round % 2 == 0);
                var fault = await attempt.RunAsync(requestId: 9000 + (2 * round) + (stolen ? 1 : 0), cancellationToken);
                asked += attempt.Asked;
                if (fault is not null)
                {
                    return new(CheckNames.Answers, run.Era, asked, CheckVerdict.Broken) { Counterexample = new(fault, attempt.Lines) };
                }

                if (attempt.IsDecided)
                {
                    decided++;
                    continue;
                }

                // An instance may be away, and soon back.
                undecided++;
                await Task.Delay(_pause, run.Clock.Time, cancellationToken);
            }
        }

        await run.EndAsync(a, cancellationToken);
        await run.EndAsync(b, cancellationToken);
        return decided > 0
            ? new(CheckNames.Answers, run.Era, asked, CheckVerdict.Holds, undecided > 0 ? $"{undecided} of {decided + undecided} attempts were cut off" : null)
            : new(CheckNames.Answers, run.Era, asked, asked > 0 ? CheckVerdict.Undecided : CheckVerdict.NotChecked, asked > 0 ? "every attempt was cut off" : "the tool asked nothing");
    }
}
