namespace Stateroom.Cli.Verify.Probes;

/// <summary>Tries one thing on purpose, with sessions of its own, while others are used at random.</summary>
internal interface IProbe
{
    Task<CheckReport> RunAsync(EraRun run, CancellationToken cancellationToken);
}
