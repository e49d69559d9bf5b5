using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Stateroom.Messaging;
using Stateroom.Server.Weather;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.Server.Tests.Weather;

public sealed class WeatherWatchTests : IAsyncDisposable
{
    private const string Uri = "weather://New%20Town";

    private static readonly TenantId Acme = new("acme");
    private static readonly Place Town = new("New Town", "Somewhere", "Nowhere", "NW", 1, 2, 3000);

    private readonly SessionKey _session = new(Acme, SessionId.New());
    private readonly ChangingProvider _provider = new();
    private readonly FakeTimeProvider _time = new();
    private readonly ServiceProvider _services;

    public WeatherWatchTests() => _services = new ServiceCollection()
        .AddLogging()
        .AddSingleton<TimeProvider>(_time)
        .AddStateroom()
        .AddSingleton<IWeatherProvider>(_provider)
        .AddSingleton<WatchList>()
        .AddSingleton<WeatherWatch>()
        .BuildServiceProvider();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private WeatherWatch Watch => _services.GetRequiredService<WeatherWatch>();

    private WatchList List => _services.GetRequiredService<WatchList>();

    private ISessionOutbox Outbox => _services.GetRequiredService<ISessionOutbox>();

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    [Fact]
    public async Task A_change_is_told_to_those_who_subscribed_and_the_same_weather_is_not()
    {
        await SubscribeAsync(Uri);
        await Watch.LookAsync(Cancel);
        await Watch.LookAsync(Cancel);
        Assert.Empty(await ToldAsync());

        _provider.Temperature++;
        await Watch.LookAsync(Cancel);
        await Watch.LookAsync(Cancel);
        Assert.Contains(Uri, Assert.Single(await ToldAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failing_source_keeps_nobody_from_hearing_later()
    {
        await SubscribeAsync(Uri);
        await Watch.LookAsync(Cancel);
        _provider.Fails = true;
        await Watch.LookAsync(Cancel);
        _provider.Fails = false;
        _provider.Temperature++;
        await Watch.LookAsync(Cancel);
        Assert.Single(await ToldAsync());
    }

    [Fact]
    public async Task What_nobody_follows_any_more_is_not_looked_at()
    {
        Assert.True(List.TryAdd(Acme, Uri, Town, subscribed: false));
        await Watch.LookAsync(Cancel);
        _time.Advance(TimeSpan.FromHours(2));
        await Watch.LookAsync(Cancel);
        await Watch.LookAsync(Cancel);
        Assert.Equal(1, _provider.Questions);
        Assert.Empty(List.ByCity());
    }

    [Fact]
    public async Task A_city_is_looked_at_once_whatever_it_is_called()
    {
        await SubscribeAsync(Uri);
        await SubscribeAsync("weather://new%20town");
        await Watch.LookAsync(Cancel);
        _provider.Temperature++;
        await Watch.LookAsync(Cancel);
        Assert.Equal(2, _provider.Questions);
        Assert.Equal(2, (await ToldAsync()).Count());
    }

    [Fact]
    public async Task An_ended_subscription_gives_its_place_back()
    {
        await SubscribeAsync(Uri);
        _time.Advance(TimeSpan.FromMinutes(2));
        await Watch.LookAsync(Cancel);
        Assert.Single(List.ByCity());

        await Outbox.RemoveAsync(_session, Cancel);
        await Watch.LookAsync(Cancel);
        Assert.Empty(List.ByCity());
    }

    private async Task SubscribeAsync(string uri)
    {
        Assert.True(List.TryAdd(Acme, uri, Town, subscribed: true));
        await Outbox.SubscribeAsync(_session, new Topic(TopicKind.Resource, uri), Cancel);
    }

    private async Task<IEnumerable<string>> ToldAsync() =>
        (await Outbox.ReadAsync(_session, StreamNames.General, 0, Cancel)).Items.Select(item => Encoding.UTF8.GetString(item.Data.Span));

    private sealed class ChangingProvider : IWeatherProvider
    {
        public double Temperature { get; set; } = 20;

        public bool Fails { get; set; }

        public int Questions { get; private set; }

        public ValueTask<PlaceMatches> FindAsync(string name, CancellationToken cancellationToken) =>
            throw new InvalidOperationException("The place is known.");

        public ValueTask<CurrentWeather> GetCurrentAsync(Place place, Units units, CancellationToken cancellationToken)
        {
            Questions++;
            Assert.Equal("New Town", place.Name);
            return Fails
                ? throw new WeatherException(WeatherFailure.Down, "down")
                : new(new CurrentWeather(place.Name, null, null, units, Temperature, Temperature, 50, 5, "clear", "test"));
        }
    }
}
