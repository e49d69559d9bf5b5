using System.ComponentModel;
using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.Server.Weather;
using Stateroom.State;
using Stateroom.Tenancy;

namespace Stateroom.Server.Tools;

/// <summary>Weather as something to read. Clients may subscribe to it.</summary>
internal sealed class WeatherResources
{
    private const string Scheme = "weather://";

    [McpServerResource(UriTemplate = Scheme + "{city}", Name = "weather", Title = "Current weather", MimeType = "application/json")]
    [Description("The current weather of a city, in the units that this session prefers.")]
    public static async Task<string> GetWeather(
        string city,
        RequestContext<ReadResourceRequestParams> context,
        WeatherService weather,
        WatchList watched,
        ISessionAccessor accessor,
        ISessionState<WeatherSession> session,
        CancellationToken cancellationToken)
    {
        var place = await FindAsync(city, weather, cancellationToken);
        watched.TryAdd(TenantOf(accessor), context.Params.Uri, place, subscribed: false);
        var units = (await session.GetAsync(cancellationToken)).PreferredUnits;
        return JsonSerializer.Serialize(await weather.GetAsync(place, units, cancellationToken), McpJsonUtilities.DefaultOptions);
    }

    /// <summary>A client follows a resource: its changes are looked for from now on. What cannot be watched is refused rather than forgotten.</summary>
    public static async ValueTask<EmptyResult> SubscribeAsync(RequestContext<SubscribeRequestParams> context, CancellationToken cancellationToken)
    {
        var services = context.Services!;
        var uri = context.Params.Uri;
        if (!uri.StartsWith(Scheme, StringComparison.Ordinal) || uri.AsSpan(Scheme.Length).ContainsAny("/?#"))
        {
            throw Refused($"There is no such resource. What changes here is {Scheme}{{city}}.");
        }

        var place = await FindAsync(Uri.UnescapeDataString(uri[Scheme.Length..]), services.GetRequiredService<WeatherService>(), cancellationToken);
        if (!services.GetRequiredService<WatchList>().TryAdd(TenantOf(services.GetRequiredService<ISessionAccessor>()), uri, place, subscribed: true))
        {
            throw Refused(
                $"No further resource can be followed: {WatchList.MaxFollowsOfTenant} for a tenant and {WatchList.MaxCities} cities in all are the most. "
                + "Unsubscribe from one that is no longer needed and try again in a few minutes.");
        }

        return new EmptyResult();
    }

    private static TenantId TenantOf(ISessionAccessor accessor) => (accessor.Current?.Caller ?? Caller.Anonymous).Tenant;

    private static async Task<Place> FindAsync(string city, WeatherService weather, CancellationToken cancellationToken)
    {
        try
        {
            return await weather.FindAsync(CityQuery.Parse(city), cancellationToken);
        }
        catch (WeatherException e) when (e.Failure is WeatherFailure.UnknownCity or WeatherFailure.AmbiguousCity or WeatherFailure.Argument)
        {
            throw Refused(e.Message);
        }
    }

    private static McpProtocolException Refused(string message) => new(message, McpErrorCode.InvalidParams);
}
