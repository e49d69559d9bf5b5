using Stateroom.Server.Weather;

namespace Stateroom.Server;

/// <summary>Everything that this program logs.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "The weather service failed: {Failure} ({Exception})")]
    public static partial void WeatherFailed(this ILogger logger, WeatherFailure failure, string exception);

    [LoggerMessage(2, LogLevel.Warning, "The weather of a followed resource could not be looked at again ({Exception}).")]
    public static partial void WatchFailed(this ILogger logger, string exception);

    [LoggerMessage(3, LogLevel.Error, "{Method} {Name} failed: {Failure}")]
    public static partial void HandlerFailed(this ILogger logger, string method, string? name, string failure);
}
