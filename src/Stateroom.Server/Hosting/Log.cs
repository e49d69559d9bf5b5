using Stateroom.Server.Weather;

namespace Stateroom.Server;

/// <summary>Everything that this program logs.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "The weather service failed: {Failure} ({Exception})")]
    public static partial void WeatherFailed(this ILogger logger, WeatherFailure failure, string exception);
}
