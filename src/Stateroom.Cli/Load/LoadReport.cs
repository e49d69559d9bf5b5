using System.Text.Json.Serialization;
using Stateroom.Cli.Protocol;

namespace Stateroom.Cli.Load;

/// <summary>The result of a run.</summary>
internal sealed record LoadReport
{
    public required Era Era { get; init; }

    public required int Sessions { get; init; }

    /// <summary>Calls a second that were asked for; null for a closed loop.</summary>
    public double? Rate { get; init; }

    public required IReadOnlyList<TargetReport> Targets { get; init; }

    /// <summary>The throughput of the first by that of the second.</summary>
    public Ratio? Ratio { get; init; }

    /// <summary>Whether any call failed.</summary>
    [JsonIgnore]
    public int ExitCode => Targets.All(t => t.Figures.Errors.Count == 0 && t.Figures.Calls > 0) ? Cli.ExitCode.Holds : Cli.ExitCode.Broken;
}

/// <summary>What came out at one server.</summary>
internal sealed record TargetReport(string Name, LoadFigures Figures);

/// <summary>A ratio over several rounds.</summary>
internal sealed record Ratio(double Median, double Lowest, double Highest);
