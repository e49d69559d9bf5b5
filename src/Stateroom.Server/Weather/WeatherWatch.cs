using Microsoft.Extensions.Options;
using Stateroom.Messaging;

namespace Stateroom.Server.Weather;

/// <summary>
/// Looks again, every few minutes, at the weather of the cities that clients have read or subscribed to as resources, and tells of changes.
/// That a city is watched shows nobody who asked for it.
/// </summary>
internal sealed class WeatherWatch(
    IWeatherProvider provider,
    WatchList list,
    ISessionNotifier notifier,
    ISessionOutbox outbox,
    IOptions<WeatherOptions> options,
    TimeProvider time,
    ILogger<WeatherWatch> logger) : BackgroundService
{
    private readonly Dictionary<Place, CurrentWeather> _last = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.RefreshInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await LookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    /// <summary>Looks at every city once. Not for two callers at a time.</summary>
    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        foreach (var city in list.ByCity())
        {
            try
            {
                await LookAsync(city.Key, city, cancellationToken);
            }
            catch (Exception e) when (e is WeatherException or Sessions.SessionStoreUnavailableException)
            {
                logger.WatchFailed(e.GetType().Name);
            }
        }
    }

    private async Task LookAsync(Place place, IEnumerable<Follow> follows, CancellationToken cancellationToken)
    {
        var followed = await FollowedAsync(follows, cancellationToken);
        if (followed.Count == 0)
        {
            _last.Remove(place);
            return;
        }

        var now = await provider.GetCurrentAsync(place, Units.Metric, cancellationToken);
        if (_last.TryGetValue(place, out var before) && before != now)
        {
            foreach (var uri in followed)
            {
                await notifier.ResourceUpdatedAsync(uri, cancellationToken: cancellationToken);
            }
        }

        _last[place] = now;
    }

    /// <summary>The names under which somebody still follows a city; the others come off the list.</summary>
    private async Task<HashSet<string>> FollowedAsync(IEnumerable<Follow> follows, CancellationToken cancellationToken)
    {
        var uris = new HashSet<string>(StringComparer.Ordinal);
        foreach (var follow in follows)
        {
            if (follow.Until >= time.GetUtcNow()
                || (await outbox.FindSubscribersAsync(follow.Tenant, new Topic(TopicKind.Resource, follow.Uri), cancellationToken)).Count > 0)
            {
                uris.Add(follow.Uri);
            }
            else
            {
                list.Remove(follow);
            }
        }

        return uris;
    }
}
