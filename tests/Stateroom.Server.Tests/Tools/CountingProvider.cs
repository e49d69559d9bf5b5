using Stateroom.Server.Weather;
using Stateroom.Server.Weather.Sample;

namespace Stateroom.Server.Tests.Tools;

/// <summary>The sample weather, with a count of the questions and a failure on demand.</summary>
internal sealed class CountingProvider : IWeatherProvider
{
    private readonly SampleProvider _sample = new();

    public int Questions { get; private set; }

    public Exception? Failure { get; set; }

    public ValueTask<PlaceMatches> FindAsync(string name, CancellationToken cancellationToken) => _sample.FindAsync(name, cancellationToken);

    public ValueTask<CurrentWeather> GetCurrentAsync(Place place, Units units, CancellationToken cancellationToken)
    {
        Questions++;
        return Failure is null ? _sample.GetCurrentAsync(place, units, cancellationToken) : throw Failure;
    }
}
