using System.ComponentModel;

namespace Stateroom.Server.Weather;

/// <summary>The weather in a place, now. Never changed, so that a cache may hand out the same one again.</summary>
/// <param name="City">The town.</param>
/// <param name="Region">The state or province.</param>
/// <param name="Country">The country.</param>
/// <param name="Units">The measures of what follows.</param>
/// <param name="Temperature">Degrees Celsius or Fahrenheit.</param>
/// <param name="ApparentTemperature">What it feels like, in the same degrees.</param>
/// <param name="RelativeHumidity">Percent.</param>
/// <param name="WindSpeed">Kilometres or miles an hour.</param>
/// <param name="Conditions">The sky in words.</param>
/// <param name="Source">Where the figures come from.</param>
[ImmutableObject(true)]
internal sealed record CurrentWeather(
    string City,
    string? Region,
    string? Country,
    Units Units,
    double Temperature,
    double ApparentTemperature,
    double RelativeHumidity,
    double WindSpeed,
    string Conditions,
    string Source);
