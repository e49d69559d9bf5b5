using System.Globalization;
using Stateroom.State;

namespace Stateroom.Server.Weather;

/// <summary>Weather for the session of the current call, which has a cache of its own: nobody can tell what another session looked up.</summary>
internal sealed class WeatherService(IWeatherProvider provider, ISessionCache cache)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>Finds the town that a caller means.</summary>
    /// <exception cref="AmbiguousCityException">Several towns could be meant.</exception>
    /// <exception cref="WeatherException">There is none, or the source failed.</exception>
    public async ValueTask<Place> FindAsync(CityQuery query, CancellationToken cancellationToken) =>
        CityChooser.Choose(query, await cache.GetOrCreateAsync(
            $"places:{query.Name.ToUpperInvariant()}", ct => provider.FindAsync(query.Name, ct), Lifetime, cancellationToken));

    /// <summary>Tells the weather in a town, as it is or as it was at most five minutes ago.</summary>
    /// <exception cref="WeatherException">The source failed.</exception>
    public ValueTask<CurrentWeather> GetAsync(Place place, Units units, CancellationToken cancellationToken) =>
        cache.GetOrCreateAsync(
            KeyOf(place, units),
            ct => provider.GetCurrentAsync(place, units, ct),
            Lifetime,
            cancellationToken);

    /// <summary>Everything of a place that its weather tells, and where it is: in bits, as decimal figures take longer to work out.</summary>
    private static string KeyOf(Place place, Units units) => string.Create(
        CultureInfo.InvariantCulture,
        $"weather:{place.Name}:{place.Region}:{place.Country}:{BitConverter.DoubleToInt64Bits(place.Latitude):x}:{BitConverter.DoubleToInt64Bits(place.Longitude):x}:{units}");
}
