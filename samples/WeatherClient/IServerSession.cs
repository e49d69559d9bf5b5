using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace WeatherClient;

/// <summary>A session with the server. Disposing of it ends it there: always close what you open.</summary>
internal interface IServerSession : IAsyncDisposable
{
    /// <exception cref="SessionGoneException">The server no longer has this session.</exception>
    Task<CallToolResult> CallAsync(
        string tool, Dictionary<string, object?> arguments, IProgress<ProgressNotificationValue>? progress, CancellationToken cancellationToken);
}

/// <summary>The session has expired or was ended. Begin a new one and repeat the call.</summary>
internal sealed class SessionGoneException(Exception? innerException = null) : Exception("The session is gone.", innerException);
