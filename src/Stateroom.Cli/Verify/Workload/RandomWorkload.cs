namespace Stateroom.Cli.Verify.Workload;

/// <summary>Keeps a number of sessions alive and in use until the time is over; whenever one has ended, another takes its place.</summary>
internal static class RandomWorkload
{
    public static Task RunAsync(EraRun run, CancellationToken cancellationToken) => Task.WhenAll(Enumerable.Range(0, run.Options.Sessions).Select(async place =>
    {
        try
        {
            for (var number = place; !run.Stopping.IsCancellationRequested; number += run.Options.Sessions)
            {
                await new SessionLife(run, run.Options.Tokens[place % run.Options.Tokens.Count], number).RunAsync(cancellationToken);
            }
        }
        catch (UsageException)
        {
            // What one place cannot go on with ends the run for all.
            run.Stop();
            throw;
        }
    }));
}
