using System.Text.Json.Serialization;

namespace Stateroom.Server.Weather.OpenMeteo;

/// <summary>What the geocoding service answers; no list where it found nothing.</summary>
internal sealed record GeocodingAnswer
{
    public GeocodingMatch[]? Results { get; init; }
}

internal sealed record GeocodingMatch
{
    public string? Name { get; init; }

    public string? Admin1 { get; init; }

    public string? Country { get; init; }

    [JsonPropertyName("country_code")]
    public string? CountryCode { get; init; }

    public double? Latitude { get; init; }

    public double? Longitude { get; init; }

    public long? Population { get; init; }
}

/// <summary>What the forecast service answers to a question for the current weather.</summary>
internal sealed record ForecastAnswer
{
    public ForecastNow? Current { get; init; }
}

internal sealed record ForecastNow
{
    [JsonPropertyName("temperature_2m")]
    public double? Temperature { get; init; }

    [JsonPropertyName("apparent_temperature")]
    public double? ApparentTemperature { get; init; }

    [JsonPropertyName("relative_humidity_2m")]
    public double? RelativeHumidity { get; init; }

    [JsonPropertyName("wind_speed_10m")]
    public double? WindSpeed { get; init; }

    [JsonPropertyName("weather_code")]
    public int? WeatherCode { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(GeocodingAnswer))]
[JsonSerializable(typeof(ForecastAnswer))]
internal sealed partial class OpenMeteoJson : JsonSerializerContext;
