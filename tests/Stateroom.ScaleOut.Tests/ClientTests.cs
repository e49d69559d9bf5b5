using Stateroom.ScaleOut.Tests.Support;
using Stateroom.TestProcesses.Clients;

namespace Stateroom.ScaleOut.Tests;

/// <summary>A client on the C# SDK, each of whose requests may meet another instance.</summary>
public sealed class HandshakeClientTests(BalancedClusters clusters) : HandshakeClientLife, IClassFixture<BalancedClusters>
{
    protected override Uri Weather => clusters.Weather.Endpoint;

    protected override Uri Fixture => clusters.Conformance.Endpoint;
}

/// <inheritdoc cref="HandshakeClientTests"/>
public sealed class StatelessClientTests(BalancedClusters clusters) : StatelessClientLife, IClassFixture<BalancedClusters>
{
    protected override Uri Weather => clusters.Weather.Endpoint;

    protected override Uri Fixture => clusters.Conformance.Endpoint;
}
