namespace Stateroom.Cli.Demo;

/// <summary>Kills one instance after the other and starts it again, as long as it is let.</summary>
internal sealed class Disruption(IReadOnlyList<Instance> instances, TimeSpan every, TimeProvider time)
{
    private static readonly TimeSpan _down = TimeSpan.FromSeconds(1);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            for (var i = 0; ; i++)
            {
                await Task.Delay(every, time, cancellationToken);
                var victim = instances[i % instances.Count];
                victim.Kill();
                await Task.Delay(_down, time, cancellationToken);
                await victim.StartAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // That is how it ends.
        }
    }
}
