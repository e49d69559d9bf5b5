namespace Stateroom.ScaleOut.Tests.Support;

/// <summary>Three instances with tools that show what happens between instances, for all tests of a class.</summary>
public sealed class ProbeCluster : IAsyncLifetime
{
    internal Cluster Cluster { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Cluster = await Cluster.StartAsync(Cluster.Probe);

    public ValueTask DisposeAsync() => Cluster?.DisposeAsync() ?? default;
}
