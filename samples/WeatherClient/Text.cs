using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace WeatherClient;

/// <summary>Says results the way a person reads them.</summary>
internal static class Text
{
    /// <summary>The first text of a result; what follows is meant for models.</summary>
    public static string Of(CallToolResult result) => result.Content.OfType<TextContentBlock>().FirstOrDefault()?.Text ?? "";

    public static string OfWeather(CallToolResult result) => result.IsError is true ? Of(result) : OfWeather(JsonNode.Parse(Of(result))!);

    public static IEnumerable<string> OfComparison(CallToolResult result) =>
        result.IsError is true ? [Of(result)] : JsonNode.Parse(Of(result))!["cities"]!.AsArray().Select(weather => OfWeather(weather!));

    private static string OfWeather(JsonNode weather)
    {
        var place = string.Join(", ", new[] { weather["city"], weather["region"], weather["country"] }.Where(part => part is not null));
        var (degrees, speed) = (string?)weather["units"] == "imperial" ? ("°F", "mph") : ("°C", "km/h");
        return $"{place}: {weather["temperature"]} {degrees}, {weather["conditions"]}, wind {weather["windSpeed"]} {speed} ({weather["source"]})";
    }
}
