using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Stateroom.Server.Weather;
using Stateroom.Server.Weather.OpenMeteo;

namespace Stateroom.Server.Tests.Weather;

/// <summary>A server that answers in Open-Meteo's format, until it is told otherwise.</summary>
internal sealed class FakeOpenMeteo : IAsyncDisposable
{
    private const string Geocoding = """
        {"results":[
          {"id":1259229,"name":"Pune","latitude":18.51957,"longitude":73.85535,"elevation":554.0,"feature_code":"PPLA2","country_code":"IN",
           "timezone":"Asia/Kolkata","population":3124458,"country_id":1269750,"country":"India","admin1":"Maharashtra"},
          {"id":1,"name":"Puné","latitude":1.5,"longitude":-2.25,"country_code":"XX"}],"generationtime_ms":0.6}
        """;

    private const string Forecast = """
        {"latitude":18.5,"longitude":73.875,"generationtime_ms":0.05,"utc_offset_seconds":0,"timezone":"GMT","timezone_abbreviation":"GMT","elevation":557.0,
         "current_units":{"time":"iso8601","interval":"seconds","temperature_2m":"°C","relative_humidity_2m":"%","apparent_temperature":"°C","wind_speed_10m":"km/h","weather_code":"wmo code"},
         "current":{"time":"2026-08-01T09:15","interval":900,"temperature_2m":26.4,"relative_humidity_2m":83,"apparent_temperature":29.9,"wind_speed_10m":14.3,"weather_code":61}}
        """;

    private LoopbackApp _app = null!;
    private ServiceProvider _services = null!;
    private int _requests;

    /// <summary>Answers in the place of the service.</summary>
    public RequestDelegate? Instead { get; set; }

    public List<string> Queries { get; } = [];

    public int Requests => _requests;

    public OpenMeteoProvider Provider => _services.GetRequiredService<OpenMeteoProvider>();

    public static async Task<FakeOpenMeteo> StartAsync(string timeout = "00:00:10")
    {
        var fake = new FakeOpenMeteo();
        fake._app = await LoopbackApp.StartAsync(_ => { }, app =>
        {
            app.Use(fake.AnswerAsync);
            app.MapGet("/v1/search", () => Results.Text(Geocoding, "application/json"));
            app.MapGet("/v1/forecast", () => Results.Text(Forecast, "application/json"));
        });
        var settings = new Dictionary<string, string?>
        {
            ["Weather:OpenMeteo:GeocodingUrl"] = new Uri(fake._app.Address, "/v1/search").ToString(),
            ["Weather:OpenMeteo:ForecastUrl"] = new Uri(fake._app.Address, "/v1/forecast").ToString(),
            ["Weather:OpenMeteo:Timeout"] = timeout,
        };
        fake._services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build())
            .AddWeather()
            .BuildServiceProvider();
        return fake;
    }

    /// <summary>Goes away, so that connections are refused.</summary>
    public ValueTask StopAsync() => _app.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _app.DisposeAsync();
    }

    private Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        Interlocked.Increment(ref _requests);
        lock (Queries)
        {
            Queries.Add(context.Request.QueryString.Value ?? "");
        }

        return Instead is { } instead ? instead(context) : next(context);
    }
}
