using System.Collections.Immutable;

namespace Stateroom.Cli.BrokenServer;

/// <summary>What a session remembers; never changed, only replaced.</summary>
internal sealed record Room
{
    public static Room Empty { get; } = new();

    public int Count { get; init; }

    public string Units { get; init; } = "metric";

    public ImmutableSortedDictionary<string, string> Places { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}
