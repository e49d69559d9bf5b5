using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Stateroom.Messaging;

namespace Stateroom.Server.Weather;

/// <summary>
/// Looks again, every few minutes, at the weather of the cities that clients have read or subscribed to as resources, and tells of changes.
/// That a city is watched shows nobody who asked for it.
/// </summary>
internal sealed class WeatherWatch(
    IWeatherProvider provider,
    ISessionNotifier notifier,
    ISessionOutbox outbox,
    IOptions<WeatherOptions> options,
    TimeProvider time,
    ILogger<WeatherWatch> logger) : BackgroundService
{
    private const string Scheme = "weather://";
    private const int MaxWatched = 200;
    private static readonly TimeSpan Interest = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, Watched> _watched = new(StringComparer.Ordinal);

    /// <summary>Watches a resource from now on. One city too many is not watched: the clients of those that are keep their updates.</summary>
    /// <param name="uri">The resource, as its client names it.</param>
    public void Add(string uri)
    {
        if (uri.StartsWith(Scheme, StringComparison.Ordinal) && (_watched.Count < MaxWatched || _watched.ContainsKey(uri)))
        {
            _watched.AddOrUpdate(uri, _ => new Watched(null, time.GetTimestamp()), (_, watched) => watched with { AskedAt = time.GetTimestamp() });
        }
    }

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

    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        foreach (var (uri, watched) in _watched)
        {
            try
            {
                await LookAsync(uri, watched, cancellationToken);
            }
            catch (Exception e) when (e is WeatherException or Sessions.SessionStoreUnavailableException)
            {
                logger.WatchFailed(e.GetType().Name);
            }
        }
    }

    private async Task LookAsync(string uri, Watched watched, CancellationToken cancellationToken)
    {
        var subscribed = (await outbox.FindSubscribersAsync(null, new Topic(TopicKind.Resource, uri), cancellationToken)).Count > 0;
        if (!subscribed && time.GetElapsedTime(watched.AskedAt) > Interest)
        {
            _watched.TryRemove(uri, out _);
            return;
        }

        var query = CityQuery.Parse(Uri.UnescapeDataString(uri[Scheme.Length..]));
        var place = CityChooser.Choose(query, await provider.FindAsync(query.Name, cancellationToken));
        var now = await provider.GetCurrentAsync(place, Units.Metric, cancellationToken);
        _watched.TryUpdate(uri, watched with { Last = now }, watched);
        if (watched.Last is not null && watched.Last != now)
        {
            await notifier.ResourceUpdatedAsync(uri, cancellationToken: cancellationToken);
        }
    }

    private sealed record Watched(CurrentWeather? Last, long AskedAt);
}
