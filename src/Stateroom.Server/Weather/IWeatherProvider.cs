namespace Stateroom.Server.Weather;

/// <summary>Where weather comes from.</summary>
internal interface IWeatherProvider
{
    /// <summary>Finds the towns of a name, best first; none is not an error.</summary>
    /// <exception cref="WeatherException">The source is down, slow, wrong or has had enough of us.</exception>
    ValueTask<PlaceMatches> FindAsync(string name, CancellationToken cancellationToken);

    /// <summary>Tells the weather in a town.</summary>
    /// <exception cref="WeatherException">The source is down, slow, wrong or has had enough of us.</exception>
    ValueTask<CurrentWeather> GetCurrentAsync(Place place, Units units, CancellationToken cancellationToken);
}
