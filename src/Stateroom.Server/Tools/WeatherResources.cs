using System.ComponentModel;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.Server.Weather;
using Stateroom.State;

namespace Stateroom.Server.Tools;

/// <summary>Weather as something to read. Clients may subscribe to it.</summary>
internal sealed class WeatherResources
{
    [McpServerResource(UriTemplate = "weather://{city}", Name = "weather", Title = "Current weather", MimeType = "application/json")]
    [Description("The current weather of a city, in the units that this session prefers.")]
    public static async Task<string> GetWeather(
        string city,
        RequestContext<ReadResourceRequestParams> context,
        WeatherService weather,
        WeatherWatch watch,
        ISessionState<WeatherSession> session,
        CancellationToken cancellationToken)
    {
        var place = await FindAsync(city, weather, cancellationToken);
        watch.Add(context.Params.Uri);
        var units = (await session.GetAsync(cancellationToken)).PreferredUnits;
        return JsonSerializer.Serialize(await weather.GetAsync(place, units, cancellationToken), McpJsonUtilities.DefaultOptions);
    }

    /// <summary>A client follows a resource: its changes are looked for from now on.</summary>
    public static ValueTask<EmptyResult> SubscribeAsync(RequestContext<SubscribeRequestParams> context, CancellationToken cancellationToken)
    {
        context.Services!.GetRequiredService<WeatherWatch>().Add(context.Params.Uri);
        return new(new EmptyResult());
    }

    private static async Task<Place> FindAsync(string city, WeatherService weather, CancellationToken cancellationToken)
    {
        try
        {
            return await weather.FindAsync(CityQuery.Parse(city), cancellationToken);
        }
        catch (WeatherException e) when (e.Failure is WeatherFailure.UnknownCity or WeatherFailure.AmbiguousCity or WeatherFailure.Argument)
        {
            throw new McpProtocolException(e.Message, McpErrorCode.InvalidParams);
        }
    }
}
