using Stateroom.Cli.Load;
using Stateroom.Cli.Verify;

namespace Stateroom.Cli.Demo;

/// <summary>How the demo goes.</summary>
internal sealed record DemoOptions
{
    /// <summary>A Redis that is there already, as <c>host:port</c>; null starts one.</summary>
    public string? Redis { get; init; }

    /// <summary>How long each part takes. Default 15 s.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often an instance is killed. Default every 3 s.</summary>
    public TimeSpan KillEvery { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Calls a second of the load. Default 200.</summary>
    public double Rate { get; init; } = 200;

    /// <summary>What the operations of verify are drawn from.</summary>
    public int Seed { get; init; }
}

/// <summary>What happens at the moment.</summary>
/// <param name="What">In words.</param>
/// <param name="Instances">How the instances are.</param>
/// <param name="Sessions">How many sessions of the handshake era the balancer has seen.</param>
/// <param name="Travelled">How many of them were served by more than one instance.</param>
internal sealed record DemoBoard(string What, IReadOnlyList<InstanceRow> Instances, int Sessions, int Travelled);

/// <summary>How an instance is.</summary>
internal sealed record InstanceRow(string Name, Uri Address, InstanceState State, long Calls, int Kills);

/// <summary>What came out.</summary>
internal sealed record DemoReport(
    [property: System.Text.Json.Serialization.JsonIgnore] VerifyOptions Options,
    VerifyReport Verify,
    LoadReport? Load,
    IReadOnlyList<InstanceRow> Instances,
    int Sessions,
    int Travelled);
