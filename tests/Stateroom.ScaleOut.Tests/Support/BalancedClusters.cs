namespace Stateroom.ScaleOut.Tests.Support;

/// <summary>Three weather servers and three conformance fixtures, for all tests of a class, each behind balancers.</summary>
public sealed class BalancedClusters : IAsyncLifetime
{
    internal Cluster Weather { get; private set; } = null!;

    internal Cluster Conformance { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Weather = await Cluster.StartAsync(Cluster.Weather, "nginx/round-robin.conf");
        Conformance = await Cluster.StartAsync(Cluster.Conformance, "nginx/round-robin.conf");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var cluster in (Cluster?[])[Weather, Conformance])
        {
            if (cluster is not null)
            {
                await cluster.DisposeAsync();
            }
        }
    }
}
