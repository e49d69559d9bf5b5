using Microsoft.Extensions.Logging;

namespace Stateroom.AspNetCore.Diagnostics;

internal static partial class Log
{
    [LoggerMessage(2008, LogLevel.Warning, "Clients could not be told that a list has changed.")]
    public static partial void ListChangeNotTold(ILogger logger, Exception exception);
}
