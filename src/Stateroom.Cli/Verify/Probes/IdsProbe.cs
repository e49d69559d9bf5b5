namespace Stateroom.Cli.Verify.Probes;

/// <summary>Opens sessions one after the other and looks at their ids.</summary>
internal sealed class IdsProbe : IProbe
{
    private const int Samples = 24;

    public async Task<CheckReport> RunAsync(EraRun run, CancellationToken cancellationToken)
    {
        var ids = new List<string>(Samples);
        for (var i = 0; i < Samples; i++)
        {
            var session = await run.OpenAsync(run.Options.Tokens[i % run.Options.Tokens.Count], cancellationToken);
            ids.Add(session.Id);
            await run.EndAsync(session, cancellationToken);
        }

        var statistics = new IdStatistics(ids);
        return statistics.Fault is { } fault
            ? new(CheckNames.Ids, run.Era, Samples, CheckVerdict.Broken, statistics.Describe()) { Counterexample = new(fault, [.. ids.Take(4)]) }
            : new(CheckNames.Ids, run.Era, Samples, CheckVerdict.Holds, statistics.Describe());
    }
}
