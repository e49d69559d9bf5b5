using System.Globalization;
using Microsoft.Extensions.Options;

namespace Stateroom.Server.Weather.OpenMeteo;

/// <summary>Asks Open-Meteo, or a service that speaks like it.</summary>
internal sealed class OpenMeteoProvider(OpenMeteoClient client, IOptions<WeatherOptions> options) : IWeatherProvider
{
    public const string Source = "open-meteo";
    private const string Wanted = "temperature_2m,relative_humidity_2m,apparent_temperature,wind_speed_10m,weather_code";
    private readonly OpenMeteoOptions _options = options.Value.OpenMeteo;

    public async ValueTask<PlaceMatches> FindAsync(string name, CancellationToken cancellationToken)
    {
        var url = $"{_options.GeocodingUrl}?name={Uri.EscapeDataString(name)}&count=10&language=en&format=json";
        var answer = await client.GetAsync(url, OpenMeteoJson.Default.GeocodingAnswer, cancellationToken);
        return new PlaceMatches([.. (answer.Results ?? []).Select(ToPlace)]);
    }

    public async ValueTask<CurrentWeather> GetCurrentAsync(Place place, Units units, CancellationToken cancellationToken)
    {
        var (temperatureUnit, windUnit) = units == Units.Imperial ? ("fahrenheit", "mph") : ("celsius", "kmh");
        var url = string.Create(
            CultureInfo.InvariantCulture,
            $"{_options.ForecastUrl}?latitude={place.Latitude}&longitude={place.Longitude}&current={Wanted}&temperature_unit={temperatureUnit}&wind_speed_unit={windUnit}");
        var now = (await client.GetAsync(url, OpenMeteoJson.Default.ForecastAnswer, cancellationToken)).Current ?? throw Missing("current");
        return new CurrentWeather(
            place.Name,
            place.Region,
            place.Country,
            units,
            now.Temperature ?? throw Missing("temperature_2m"),
            now.ApparentTemperature ?? throw Missing("apparent_temperature"),
            now.RelativeHumidity ?? throw Missing("relative_humidity_2m"),
            now.WindSpeed ?? throw Missing("wind_speed_10m"),
            WeatherCodes.Describe(now.WeatherCode ?? throw Missing("weather_code")),
            Source);
    }

    private static Place ToPlace(GeocodingMatch match) => new(
        match.Name ?? throw Missing("name"),
        match.Admin1,
        match.Country,
        match.CountryCode,
        match.Latitude ?? throw Missing("latitude"),
        match.Longitude ?? throw Missing("longitude"),
        match.Population ?? 0);

    private static WeatherException Missing(string field) =>
        new(WeatherFailure.Wrong, $"The weather service gave an answer without '{field}'. Its format may have changed; tell whoever runs this server.");
}
