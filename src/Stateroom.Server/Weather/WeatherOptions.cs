namespace Stateroom.Server.Weather;

/// <summary>Where weather comes from: the settings under <c>Weather</c>.</summary>
internal sealed class WeatherOptions
{
    public const string Section = "Weather";

    /// <summary>The source. Default <see cref="WeatherSource.OpenMeteo"/>.</summary>
    public WeatherSource Provider { get; set; } = WeatherSource.OpenMeteo;

    /// <summary>How often the weather of resources that clients follow is looked at again. Default 5 minutes; 1 second to 1 day.</summary>
    public TimeSpan RefreshInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How to reach Open-Meteo.</summary>
    public OpenMeteoOptions OpenMeteo { get; } = new();
}

/// <summary>The sources of weather.</summary>
internal enum WeatherSource
{
    /// <summary>The public service open-meteo.com, or one that speaks like it.</summary>
    OpenMeteo = 0,

    /// <summary>Built-in data, for development and tests.</summary>
    Sample,
}

/// <summary>How to reach Open-Meteo: the settings under <c>Weather:OpenMeteo</c>.</summary>
internal sealed class OpenMeteoOptions
{
    /// <summary>Where names are searched for, without a query.</summary>
    public Uri? GeocodingUrl { get; set; } = new("https://geocoding-api.open-meteo.com/v1/search");

    /// <summary>Where weather is told, without a query.</summary>
    public Uri? ForecastUrl { get; set; } = new("https://api.open-meteo.com/v1/forecast");

    /// <summary>How long one question may take, repetitions and all. Default 10 seconds; 100 milliseconds to 1 minute.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);
}
