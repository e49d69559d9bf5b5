using System.Collections.Immutable;

namespace Stateroom.Server.Tools;

/// <summary>The places that a session remembers: free text, by label.</summary>
internal sealed record SavedPlaces
{
    public ImmutableDictionary<string, string> Cities { get; init; } = ImmutableDictionary<string, string>.Empty;
}
