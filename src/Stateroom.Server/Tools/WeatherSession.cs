using Stateroom.Server.Weather;

namespace Stateroom.Server.Tools;

/// <summary>What a session remembers of its weather.</summary>
internal sealed record WeatherSession
{
    /// <summary>The measures that the user likes.</summary>
    public Units PreferredUnits { get; init; } = Units.Metric;

    /// <summary>How many calls have told this session the weather: of one city or of several, from the cache or not.</summary>
    public int ToolCallCount { get; init; }
}
