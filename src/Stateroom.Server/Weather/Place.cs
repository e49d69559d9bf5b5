using System.Collections.Immutable;
using System.ComponentModel;

namespace Stateroom.Server.Weather;

/// <summary>A town on the map.</summary>
internal sealed record Place(string Name, string? Region, string? Country, string? CountryCode, double Latitude, double Longitude, long Population)
{
    /// <summary>What tells it from its namesakes. Understood wherever a city is asked for.</summary>
    public string Label => string.Join(", ", new[] { Name, Region, Country }.Where(part => !string.IsNullOrEmpty(part)));
}

/// <summary>What a search by name found, best first. Never changed, so that a cache may hand out the same one again.</summary>
[ImmutableObject(true)]
internal sealed record PlaceMatches(ImmutableArray<Place> Places);
