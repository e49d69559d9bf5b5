namespace Stateroom.ScaleOut.Tests.Support;

/// <summary>Three instances with tools that show what happens between instances, for all tests of a class.</summary>
public sealed class ProbeCluster : IAsyncLifetime
{
    internal Cluster Cluster { get; private set; } = null!;

    // The machine may be busy. How soon a call fails is tested elsewhere.
    public async ValueTask InitializeAsync() => Cluster = await Cluster.StartAsync(Cluster.Probe, arguments: ["--Redis:CallTimeout=00:00:05"]);

    public ValueTask DisposeAsync() => Cluster?.DisposeAsync() ?? default;
}
