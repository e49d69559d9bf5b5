namespace Stateroom.Server.Weather;

/// <summary>Decides which town a caller means, or that only the caller can tell.</summary>
internal static class CityChooser
{
    /// <summary>How many times larger than its namesakes a town must be to be meant without a word: London is the one in England.</summary>
    private const long Dominance = 5;

    /// <exception cref="AmbiguousCityException">Several towns could be meant.</exception>
    /// <exception cref="WeatherException">No town could be.</exception>
    public static Place Choose(CityQuery query, PlaceMatches matches)
    {
        if (matches.Places is [var single] && query.Qualifiers.Count == 0)
        {
            return single;
        }

        var inside = matches.Places.Where(place => query.Qualifiers.All(q => LiesIn(place, q))).ToList();
        if (inside.Count == 0)
        {
            throw new WeatherException(WeatherFailure.UnknownCity, $"No city '{query}' is known. Check the spelling, or leave out region and country.");
        }

        // A search finds similar names too. Those count only where nothing has the very name.
        var namesakes = inside
            .Where(place => Same(place.Name, query.Name))
            .DistinctBy(place => place.Label)
            .OrderByDescending(place => place.Population)
            .ToList();
        return namesakes switch
        {
            [] => inside[0],
            [var only] => only,
            [var first, var second, ..] when first.Population > 0 && first.Population >= Dominance * second.Population => first,
            _ => throw new AmbiguousCityException(query.ToString(), [.. namesakes]),
        };
    }

    private static bool LiesIn(Place place, string qualifier) =>
        Same(place.Region, qualifier)
        || Same(place.Country, qualifier)
        || Same(place.CountryCode, qualifier)
        || Same(place.CountryCode, CodeOf(qualifier));

    private static string? CodeOf(string country) => country.ToUpperInvariant() switch
    {
        "USA" or "U.S." or "U.S.A." => "US",
        "UK" or "U.K." or "GREAT BRITAIN" => "GB",
        _ => null,
    };

    private static bool Same(string? a, string? b) => a is not null && string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}
