namespace Stateroom.Server.Weather.Sample;

/// <summary>Built-in weather, always the same, so that development and tests need no network.</summary>
internal sealed class SampleProvider : IWeatherProvider
{
    public const string Source = "sample";

    public ValueTask<PlaceMatches> FindAsync(string name, CancellationToken cancellationToken) =>
        ValueTask.FromResult(new PlaceMatches([.. SampleData.Entries
            .Select(entry => entry.Place)
            .Where(place => string.Equals(place.Name, name, StringComparison.OrdinalIgnoreCase))]));

    public ValueTask<CurrentWeather> GetCurrentAsync(Place place, Units units, CancellationToken cancellationToken)
    {
        var entry = SampleData.Entries.FirstOrDefault(entry => entry.Place == place)
            ?? throw new WeatherException(WeatherFailure.UnknownCity, $"The sample data has no weather for '{place.Label}'.");
        return ValueTask.FromResult(new CurrentWeather(
            place.Name,
            place.Region,
            place.Country,
            units,
            Degrees(entry.Celsius, units),
            Degrees(entry.FeelsLikeCelsius, units),
            entry.Humidity,
            units == Units.Imperial ? Math.Round(entry.WindKmh / 1.609344, 1) : entry.WindKmh,
            WeatherCodes.Describe(entry.Code),
            Source));
    }

    private static double Degrees(double celsius, Units units) =>
        units == Units.Imperial ? Math.Round((celsius * 9 / 5) + 32, 1) : celsius;
}
