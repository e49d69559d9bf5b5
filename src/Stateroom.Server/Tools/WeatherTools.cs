using System.ComponentModel;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.Server.Weather;
using Stateroom.State;

namespace Stateroom.Server.Tools;

/// <summary>
/// Tools that tell the weather. They count a call once it has its answer, so that one that fails or asks the user first counts once or not at all.
/// Their results are text alone: a client that shows its model only structured content would hide the handle of a session that they open.
/// </summary>
internal sealed class WeatherTools
{
    private const int MaxCities = 10;

    [McpServerTool(Name = "get_current_weather", Title = "Current weather", OpenWorld = true, Destructive = false)]
    [Description("Get the current weather of a city, in the units that this session prefers unless others are given.")]
    public static async Task<CurrentWeather> GetCurrentWeather(
        [Description("The city, for instance 'Pune' or 'Springfield, Illinois'")] string city,
        RequestContext<CallToolRequestParams> context,
        WeatherService weather,
        ISessionState<WeatherSession> session,
        [Description("The country or region that the city lies in, by name or country code")] string? country = null,
        [Description("The units of the answer; left out, those that this session prefers")] Units? units = null,
        CancellationToken cancellationToken = default)
    {
        var places = await weather.ResolveAsync([CityQuery.Parse(city, country)], context, cancellationToken);
        var wanted = units ?? (await session.GetAsync(cancellationToken)).PreferredUnits;
        var current = await weather.GetAsync(places[0], wanted, cancellationToken);
        await CountAsync(session, cancellationToken);
        return current;
    }

    [McpServerTool(Name = "compare_cities", Title = "Compare cities", OpenWorld = true, Destructive = false)]
    [Description("Get the current weather of up to ten cities, in the units that this session prefers. Reports progress city by city.")]
    public static async Task<CityComparison> CompareCities(
        [Description("The cities, one to ten")] string[] cities,
        RequestContext<CallToolRequestParams> context,
        WeatherService weather,
        ISessionState<WeatherSession> session,
        IProgress<ProgressNotificationValue> progress,
        CancellationToken cancellationToken)
    {
        if (cities.Length is 0 or > MaxCities)
        {
            throw new WeatherException(WeatherFailure.Argument, $"There are {cities.Length} cities. Name one to {MaxCities}.");
        }

        var places = await weather.ResolveAsync([.. cities.Select(city => CityQuery.Parse(city))], context, cancellationToken);
        var units = (await session.GetAsync(cancellationToken)).PreferredUnits;
        var results = new List<CurrentWeather>(places.Length);
        foreach (var place in places)
        {
            results.Add(await weather.GetAsync(place, units, cancellationToken));
            progress.Report(new() { Progress = results.Count, Total = places.Length, Message = place.Label });
        }

        await CountAsync(session, cancellationToken);
        return new CityComparison(results);
    }

    [McpServerTool(Name = "set_preferred_units", Title = "Set preferred units", Idempotent = true, Destructive = false, OpenWorld = false)]
    [Description("Set the units that this session prefers.")]
    public static Task<WeatherSession> SetPreferredUnits(
        [Description("metric or imperial")] Units units, ISessionState<WeatherSession> session, CancellationToken cancellationToken) =>
        session.UpdateAsync(s => s with { PreferredUnits = units }, cancellationToken);

    private static Task<WeatherSession> CountAsync(ISessionState<WeatherSession> session, CancellationToken cancellationToken) =>
        session.UpdateAsync(s => s with { ToolCallCount = s.ToolCallCount + 1 }, cancellationToken);
}

/// <summary>The weather of several cities, in the order in which they were named.</summary>
internal sealed record CityComparison(IReadOnlyList<CurrentWeather> Cities);
