namespace Stateroom.Server.Weather;

/// <summary>The city that a caller means: a name and what narrows it down.</summary>
internal sealed record CityQuery
{
    private const int MaxLength = 100;

    private CityQuery(string name, string[] qualifiers)
    {
        Name = name;
        Qualifiers = qualifiers;
    }

    /// <summary>The town's name, which is searched for.</summary>
    public string Name { get; }

    /// <summary>Regions and countries, by name or code, that a match must lie in.</summary>
    public IReadOnlyList<string> Qualifiers { get; }

    /// <summary>Reads what a caller wrote: <c>Springfield</c>, or <c>Springfield, Illinois, United States</c>.</summary>
    /// <exception cref="WeatherException">The city is empty, or something is too long.</exception>
    public static CityQuery Parse(string? city, string? country = null)
    {
        var parts = Split(city);
        if (parts.Length == 0)
        {
            throw new WeatherException(WeatherFailure.Argument, "The city is empty. Name one.");
        }

        if (city!.Length > MaxLength || country?.Length > MaxLength)
        {
            throw new WeatherException(WeatherFailure.Argument, $"A city or country has at most {MaxLength} characters. Give the name alone.");
        }

        return new CityQuery(parts[0], [.. parts[1..], .. Split(country)]);
    }

    /// <summary>As a caller would write it.</summary>
    public override string ToString() => string.Join(", ", [Name, .. Qualifiers]);

    private static string[] Split(string? text) =>
        text?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
