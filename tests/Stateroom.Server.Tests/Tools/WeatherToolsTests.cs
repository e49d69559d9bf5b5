using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using Stateroom.Server.Tools;
using Stateroom.Server.Weather;

namespace Stateroom.Server.Tests.Tools;

public sealed class WeatherToolsTests
{
    private static readonly string[] Three = ["Pune", "Paris", "London"];
    private static readonly string[] Ambiguous = ["Springfield", "Pune", "Springfield"];

    [Fact]
    public async Task The_weather_comes_in_the_units_that_the_session_prefers_unless_others_are_given()
    {
        await using var host = await ToolHost.StartAsync();

        Assert.Equal(29.4, (double)(await host.CallAsync("get_current_weather", new { city = "Pune" }))["temperature"]!);
        Assert.Equal("imperial", (string)(await host.CallAsync("set_preferred_units", new { units = "imperial" }))["preferredUnits"]!);
        var preferred = await host.CallAsync("get_current_weather", new { city = "Pune" });
        var given = await host.CallAsync("get_current_weather", new { city = "Pune", country = "India", units = "metric" });

        Assert.Equal("imperial", (string)preferred["units"]!);
        Assert.Equal(84.9, (double)preferred["temperature"]!);
        Assert.Equal("metric", (string)given["units"]!);
        Assert.Equal("sample", (string)given["source"]!);
    }

    [Fact]
    public async Task Every_call_that_tells_the_weather_is_counted_once_from_the_cache_or_not()
    {
        await using var host = await ToolHost.StartAsync();

        await host.CallAsync("get_current_weather", new { city = "Pune" });
        await host.CallAsync("get_current_weather", new { city = "pune" });
        await host.CallAsync("compare_cities", new { cities = Three });
        await host.FailAsync("get_current_weather", new { city = "Atlantis" });

        Assert.Equal(3, (await host.StateAsync<WeatherSession>()).ToolCallCount);
        Assert.Equal(3, host.Provider.Questions);
        Assert.All(host.Cache.Lifetimes, lifetime => Assert.Equal(TimeSpan.FromMinutes(5), lifetime));
    }

    [Fact]
    public async Task Either_units_are_cached_apart()
    {
        await using var host = await ToolHost.StartAsync();
        await host.CallAsync("get_current_weather", new { city = "Pune", units = "metric" });
        Assert.Equal(84.9, (double)(await host.CallAsync("get_current_weather", new { city = "Pune", units = "imperial" }))["temperature"]!);
    }

    [Theory]
    [InlineData(ToolHost.Handshake)]
    [InlineData(ToolHost.Stateless)]
    public async Task Comparing_reports_progress_city_by_city(string protocolVersion)
    {
        await using var host = await ToolHost.StartAsync(protocolVersion);
        await using var progress = new Reports(host.Client);

        var comparison = await host.CallAsync("compare_cities", new { cities = Three }, progress);

        Assert.Equal(["Pune", "Paris", "London"], comparison["cities"]!.AsArray().Select(c => (string)c!["city"]!));
        var reports = await progress.TakeAsync(3);
        Assert.Equal([1f, 2f, 3f], reports.Select(v => v.Progress));
        Assert.All(reports, v => Assert.Equal(3, v.Total));
        Assert.Equal("Paris, Île-de-France, France", reports[1].Message);
    }

    [Theory]
    [InlineData(ToolHost.Handshake)]
    [InlineData(ToolHost.Stateless)]
    public async Task An_ambiguous_city_is_asked_about_and_counts_once(string protocolVersion)
    {
        await using var host = await ToolHost.StartAsync(protocolVersion, Choose("Springfield, Illinois, United States"));

        var weather = await host.CallAsync("get_current_weather", new { city = "Springfield" });

        Assert.Equal("Illinois", (string)weather["region"]!);
        Assert.Equal(1, (await host.StateAsync<WeatherSession>()).ToolCallCount);
        Assert.Equal(1, host.Writes<WeatherSession>());
        var choice = Assert.IsType<ElicitRequestParams.UntitledSingleSelectEnumSchema>(Assert.Single(host.Questions).RequestedSchema!.Properties["city"]);
        Assert.Equal(5, choice.Enum.Count);
    }

    [Theory]
    [InlineData(ToolHost.Handshake)]
    [InlineData(ToolHost.Stateless)]
    public async Task Several_ambiguous_cities_are_asked_about_in_one_go(string protocolVersion)
    {
        var regions = new Stack<string>(["Springfield, Ohio, United States", "Springfield, Oregon, United States"]);
        await using var host = await ToolHost.StartAsync(protocolVersion, question =>
        {
            lock (regions)
            {
                return Choose(regions.Pop())(question);
            }
        });
        await using var progress = new Reports(host.Client);

        var comparison = await host.CallAsync("compare_cities", new { cities = Ambiguous }, progress);

        Assert.Equal(["Maharashtra", "Ohio", "Oregon"], comparison["cities"]!.AsArray().Select(c => (string)c!["region"]!).Order());
        Assert.Equal(2, host.Questions.Count);
        Assert.Equal([1f, 2f, 3f], (await progress.TakeAsync(3)).Select(v => v.Progress));
    }

    [Theory]
    [InlineData(ToolHost.Handshake, "decline")]
    [InlineData(ToolHost.Stateless, "decline")]
    [InlineData(ToolHost.Handshake, "cancel")]
    [InlineData(ToolHost.Stateless, "cancel")]
    public async Task A_user_who_does_not_choose_gets_an_error_that_says_how_to(string protocolVersion, string action)
    {
        await using var host = await ToolHost.StartAsync(protocolVersion, _ => new ElicitResult { Action = action });

        var error = await host.FailAsync("get_current_weather", new { city = "Springfield" });

        Assert.Contains("chose none", error, StringComparison.Ordinal);
        Assert.Contains("Springfield, Oregon, United States", error, StringComparison.Ordinal);
        Assert.Equal(0, host.Writes<WeatherSession>());
    }

    [Theory]
    [InlineData(ToolHost.Handshake)]
    [InlineData(ToolHost.Stateless)]
    public async Task An_answer_that_was_not_offered_is_none(string protocolVersion)
    {
        await using var host = await ToolHost.StartAsync(protocolVersion, Choose("Pune, Maharashtra, India"));
        Assert.Contains("chose none", await host.FailAsync("get_current_weather", new { city = "Springfield" }), StringComparison.Ordinal);
        Assert.Single(host.Questions);
    }

    [Theory]
    [InlineData(ToolHost.Handshake)]
    [InlineData(ToolHost.Stateless)]
    public async Task A_client_that_cannot_ask_is_told_the_candidates(string protocolVersion)
    {
        await using var host = await ToolHost.StartAsync(protocolVersion);

        var error = await host.FailAsync("get_current_weather", new { city = "Springfield" });

        Assert.Contains("Springfield, Illinois, United States", error, StringComparison.Ordinal);
        Assert.Contains("Call again with one of these", error, StringComparison.Ordinal);
        Assert.Equal("Illinois", (string)(await host.CallAsync("get_current_weather", new { city = "Springfield, Illinois, United States" }))["region"]!);
    }

    [Fact]
    public async Task A_failure_of_the_source_is_told_and_not_counted()
    {
        await using var host = await ToolHost.StartAsync();
        host.Provider.Failure = new WeatherException(WeatherFailure.RateLimited, "The weather service is rate limited.");
        Assert.Equal("The weather service is rate limited.", await host.FailAsync("get_current_weather", new { city = "Pune" }));
        Assert.Equal(0, host.Writes<WeatherSession>());
    }

    [Fact]
    public async Task Bounds_are_told()
    {
        await using var host = await ToolHost.StartAsync();
        Assert.Contains("one to 10", await host.FailAsync("compare_cities", new { cities = Array.Empty<string>() }), StringComparison.Ordinal);
        Assert.Contains("one to 10", await host.FailAsync("compare_cities", new { cities = Enumerable.Repeat("Pune", 11) }), StringComparison.Ordinal);
        Assert.Contains("empty", await host.FailAsync("compare_cities", new { cities = new string?[] { null } }), StringComparison.Ordinal);
        Assert.Contains("empty", await host.FailAsync("get_current_weather", new { city = " " }), StringComparison.Ordinal);
        Assert.Contains("at most 100", await host.FailAsync("get_current_weather", new { city = new string('x', 101) }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Arguments_that_do_not_fit_the_schema_are_named()
    {
        await using var host = await ToolHost.StartAsync();
        Assert.Contains("'city' is missing", await host.FailAsync("get_current_weather"), StringComparison.Ordinal);
        Assert.Contains("'cities' is missing", await host.FailAsync("compare_cities", new { cities = (string[]?)null }), StringComparison.Ordinal);
        foreach (var units in (object[])["kelvin", 7, 1, "1", "metric, imperial"])
        {
            Assert.Contains("'units' is none of metric, imperial.", await host.FailAsync("set_preferred_units", new { units }), StringComparison.Ordinal);
        }

        Assert.Equal(84.9, (double)(await host.CallAsync("get_current_weather", new { city = "Pune", units = "imperial" }))["temperature"]!);
        Assert.Equal(29.4, (double)(await host.CallAsync("get_current_weather", new { city = "Pune", units = (string?)null }))["temperature"]!);
        Assert.Contains("input schema of 'get_current_weather'", await host.FailAsync("get_current_weather", new { city = 5 }), StringComparison.Ordinal);
        Assert.Contains("input schema of 'compare_cities'", await host.FailAsync("compare_cities", new { cities = "Pune" }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_schema_names_the_units_in_small_letters_and_nothing_of_the_session()
    {
        await using var host = await ToolHost.StartAsync();

        var tools = await host.Client.ListToolsAsync(cancellationToken: TestContext.Current.CancellationToken);

        var schemas = tools.ToDictionary(t => t.Name, t => t.JsonSchema.GetProperty("properties"));
        Assert.Equal(["city", "country", "units"], schemas["get_current_weather"].EnumerateObject().Select(p => p.Name));
        Assert.Equal(["units"], schemas["set_preferred_units"].EnumerateObject().Select(p => p.Name));
        Assert.Equal("""["metric","imperial"]""", schemas["set_preferred_units"].GetProperty("units").GetProperty("enum").GetRawText());
        Assert.Equal(["cities"], schemas["compare_cities"].EnumerateObject().Select(p => p.Name));
    }

    [Fact]
    public async Task The_weather_is_a_resource_too()
    {
        await using var host = await ToolHost.StartAsync();
        var cancelled = TestContext.Current.CancellationToken;

        var plain = await host.Client.ReadResourceAsync("weather://Pune", cancellationToken: cancelled);
        var escaped = await host.Client.ReadResourceAsync("weather://Springfield%2C%20Illinois", cancellationToken: cancelled);
        var unknown = await Assert.ThrowsAsync<McpProtocolException>(() => host.Client.ReadResourceAsync("weather://Atlantis", cancellationToken: cancelled).AsTask());

        Assert.Contains("\"city\":\"Pune\"", Assert.IsType<TextResourceContents>(Assert.Single(plain.Contents)).Text, StringComparison.Ordinal);
        Assert.Contains("Illinois", Assert.IsType<TextResourceContents>(Assert.Single(escaped.Contents)).Text, StringComparison.Ordinal);
        Assert.Equal(McpErrorCode.InvalidParams, unknown.ErrorCode);
        Assert.Contains("No city 'Atlantis'", unknown.Message, StringComparison.Ordinal);
        Assert.Equal(0, host.Writes<WeatherSession>());
    }

    [Fact]
    public async Task A_resource_that_cannot_be_watched_cannot_be_subscribed_to()
    {
        await using var host = await ToolHost.StartAsync();
        await host.Client.SubscribeToResourceAsync("weather://Springfield%2C%20Illinois", cancellationToken: TestContext.Current.CancellationToken);

        Assert.Contains("No city 'Atlantis'", await RefusalAsync(host, "weather://Atlantis"), StringComparison.Ordinal);
        Assert.Contains("Several cities", await RefusalAsync(host, "weather://Springfield"), StringComparison.Ordinal);
        Assert.Contains("empty", await RefusalAsync(host, "weather://"), StringComparison.Ordinal);
        Assert.Contains("weather://{city}", await RefusalAsync(host, "weather://Pune/today"), StringComparison.Ordinal);
        Assert.Contains("weather://{city}", await RefusalAsync(host, "stock://Pune"), StringComparison.Ordinal);
        for (var i = 2; i <= WatchList.MaxFollowsOfTenant; i++)
        {
            await host.Client.SubscribeToResourceAsync($"weather://Pune{new string(',', i)}", cancellationToken: TestContext.Current.CancellationToken);
        }

        Assert.Contains("50 for a tenant", await RefusalAsync(host, "weather://Pune"), StringComparison.Ordinal);
        await host.Client.SubscribeToResourceAsync("weather://Pune,,", cancellationToken: TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_failure_that_nobody_expected_is_logged_once_without_a_word_of_the_client()
    {
        await using var host = await ToolHost.StartAsync();
        host.Provider.Failure = new InvalidOperationException("private\nwords", new ArgumentException("more private words"));

        await host.FailAsync("get_current_weather", new { city = "Pune" });
        await Assert.ThrowsAsync<McpProtocolException>(() => host.Client.ReadResourceAsync("weather://Pune", cancellationToken: TestContext.Current.CancellationToken).AsTask());
        await host.FailAsync("get_current_weather", new { city = "private words" });
        await host.FailAsync("compare_cities", new { cities = "private words" });

        Assert.Collection(
            host.Log.Lines,
            line => Assert.Contains("tools/call get_current_weather failed: System.InvalidOperationException", line, StringComparison.Ordinal),
            line => Assert.Contains("resources/read weather://{city} failed: System.InvalidOperationException", line, StringComparison.Ordinal));
        Assert.All(host.Log.Lines, line =>
        {
            Assert.Contains("System.ArgumentException", line, StringComparison.Ordinal);
            Assert.Contains("at Stateroom.Server.Tools.", line, StringComparison.Ordinal);
            Assert.DoesNotContain("private", line, StringComparison.Ordinal);
        });
    }

    private static async Task<string> RefusalAsync(ToolHost host, string uri)
    {
        var refusal = await Assert.ThrowsAsync<McpProtocolException>(
            () => host.Client.SubscribeToResourceAsync(uri, cancellationToken: TestContext.Current.CancellationToken));
        Assert.Equal(McpErrorCode.InvalidParams, refusal.ErrorCode);
        return refusal.Message;
    }

    private static Func<ElicitRequestParams, ElicitResult> Choose(string label) => _ => new ElicitResult
    {
        Action = "accept",
        Content = new Dictionary<string, System.Text.Json.JsonElement> { ["city"] = System.Text.Json.JsonSerializer.SerializeToElement(label) },
    };
}
