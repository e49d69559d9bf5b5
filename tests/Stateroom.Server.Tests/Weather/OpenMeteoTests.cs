using Microsoft.AspNetCore.Http;
using Stateroom.Server.Weather;

namespace Stateroom.Server.Tests.Weather;

public sealed class OpenMeteoTests
{
    private static readonly Place Pune = new("Pune", "Maharashtra", "India", "IN", 18.51957, 73.85535, 3124458);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_search_by_name_gives_places()
    {
        await using var fake = await FakeOpenMeteo.StartAsync();

        var matches = await fake.Provider.FindAsync("Pune & co", Cancelled);

        Assert.Equal([Pune, new Place("Puné", null, null, "XX", 1.5, -2.25, 0)], matches.Places);
        Assert.Equal("?name=Pune%20%26%20co&count=10&language=en&format=json", Assert.Single(fake.Queries));
    }

    [Fact]
    public async Task A_name_that_nothing_has_gives_no_places()
    {
        await using var fake = await FakeOpenMeteo.StartAsync();
        fake.Instead = context => context.Response.WriteAsync("""{"generationtime_ms":0.5}""", Cancelled);
        Assert.Empty((await fake.Provider.FindAsync("Nowhere", Cancelled)).Places);
    }

    [Theory]
    [InlineData("metric", "celsius", "kmh")]
    [InlineData("imperial", "fahrenheit", "mph")]
    public async Task The_weather_of_a_place_is_asked_for_in_the_units_that_are_wanted(string units, string temperature, string wind)
    {
        await using var fake = await FakeOpenMeteo.StartAsync();
        var wanted = Enum.Parse<Units>(units, ignoreCase: true);

        var weather = await fake.Provider.GetCurrentAsync(Pune, wanted, Cancelled);

        Assert.Equal(new CurrentWeather("Pune", "Maharashtra", "India", wanted, 26.4, 29.9, 83, 14.3, "light rain", "open-meteo"), weather);
        Assert.Equal(
            "?latitude=18.51957&longitude=73.85535&current=temperature_2m,relative_humidity_2m,apparent_temperature,wind_speed_10m,weather_code"
                + $"&temperature_unit={temperature}&wind_speed_unit={wind}",
            Assert.Single(fake.Queries));
    }

    [Fact]
    public async Task A_service_that_is_gone_is_down()
    {
        await using var fake = await FakeOpenMeteo.StartAsync("00:00:02");
        await fake.StopAsync();
        await AssertFailsAsync(fake, WeatherFailure.Down, "is down: it cannot be reached");
    }

    [Fact]
    public async Task A_service_that_is_out_of_order_is_down_after_a_few_tries()
    {
        await using var fake = await FakeOpenMeteo.StartAsync();
        fake.Instead = Answer(StatusCodes.Status503ServiceUnavailable);
        await AssertFailsAsync(fake, WeatherFailure.Down, "HTTP 503");
        Assert.Equal(3, fake.Requests);
    }

    [Fact]
    public async Task A_failure_that_passes_is_not_seen()
    {
        await using var fake = await FakeOpenMeteo.StartAsync();
        fake.Instead = context =>
        {
            fake.Instead = null;
            context.Response.StatusCode = StatusCodes.Status502BadGateway;
            return Task.CompletedTask;
        };

        await fake.Provider.FindAsync("Pune", Cancelled);

        Assert.Equal(2, fake.Requests);
    }

    [Fact]
    public async Task A_service_that_does_not_answer_is_slow()
    {
        await using var fake = await FakeOpenMeteo.StartAsync("00:00:00.5");
        fake.Instead = UntilAbortedAsync;
        await AssertFailsAsync(fake, WeatherFailure.Slow, "no answer within 0.5 seconds");
    }

    [Fact]
    public async Task A_service_that_never_ends_its_answer_is_slow()
    {
        await using var fake = await FakeOpenMeteo.StartAsync("00:00:00.5");
        fake.Instead = async context =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("{\"results\":", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await UntilAbortedAsync(context);
        };
        await AssertFailsAsync(fake, WeatherFailure.Slow, "is slow");
    }

    [Fact]
    public async Task A_rate_limited_call_is_not_repeated_and_says_when_to_come_back()
    {
        await using var fake = await FakeOpenMeteo.StartAsync();
        fake.Instead = context =>
        {
            context.Response.Headers.RetryAfter = "42";
            return Answer(StatusCodes.Status429TooManyRequests, """{"reason":"Minutely API request limit exceeded.","error":true}""")(context);
        };
        await AssertFailsAsync(fake, WeatherFailure.RateLimited, "Try again in 42 seconds.");
        Assert.Equal(1, fake.Requests);
    }

    [Theory]
    [InlineData(200, "<html>Welcome</html>", "not the JSON")]
    [InlineData(200, "", "not the JSON")]
    [InlineData(200, "null", "an empty answer")]
    [InlineData(200, "[]", "not the JSON")]
    [InlineData(200, """{"current":{"temperature_2m":"warm"}}""", "not the JSON")]
    [InlineData(200, """{"current":{"temperature_2m":1.5}}""", "without 'apparent_temperature'")]
    [InlineData(200, "{}", "without 'current'")]
    [InlineData(400, """{"reason":"Cannot initialize","error":true}""", "HTTP 400")]
    [InlineData(404, "not found", "HTTP 404")]
    public async Task An_answer_that_nobody_can_use_is_wrong(int status, string body, string message)
    {
        await using var fake = await FakeOpenMeteo.StartAsync();
        fake.Instead = Answer(status, body);
        var failure = await Assert.ThrowsAsync<WeatherException>(() => fake.Provider.GetCurrentAsync(Pune, Units.Metric, Cancelled).AsTask());
        Assert.Equal(WeatherFailure.Wrong, failure.Failure);
        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_match_without_coordinates_is_wrong()
    {
        await using var fake = await FakeOpenMeteo.StartAsync();
        fake.Instead = Answer(200, """{"results":[{"name":"Pune"}]}""");
        await AssertFailsAsync(fake, WeatherFailure.Wrong, "without 'latitude'");
    }

    [Fact]
    public async Task An_endless_answer_is_wrong_and_not_read_to_its_end()
    {
        await using var fake = await FakeOpenMeteo.StartAsync();
        var chunk = new byte[64 * 1024];
        fake.Instead = async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
            }
        };
        await AssertFailsAsync(fake, WeatherFailure.Wrong, "far too large");
    }

    [Fact]
    public async Task A_call_that_is_cancelled_is_cancelled_and_nothing_else()
    {
        await using var fake = await FakeOpenMeteo.StartAsync();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        fake.Instead = async context =>
        {
            await cancel.CancelAsync();
            await UntilAbortedAsync(context);
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fake.Provider.FindAsync("Pune", cancel.Token).AsTask());
    }

    private static async Task AssertFailsAsync(FakeOpenMeteo fake, WeatherFailure failure, string message)
    {
        var exception = await Assert.ThrowsAsync<WeatherException>(() => fake.Provider.FindAsync("Pune", Cancelled).AsTask());
        Assert.Equal(failure, exception.Failure);
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }

    private static RequestDelegate Answer(int status, string body = "") => context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body, context.RequestAborted);
    };

    private static async Task UntilAbortedAsync(HttpContext context)
    {
        var aborted = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(aborted.SetResult);
        await aborted.Task;
    }
}
