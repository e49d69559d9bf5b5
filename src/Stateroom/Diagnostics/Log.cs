using Microsoft.Extensions.Logging;

namespace Stateroom.Diagnostics;

/// <summary>What this assembly logs. Sessions appear as fingerprints only.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Debug, "{Count} sessions expired")]
    public static partial void SessionsExpired(ILogger logger, int count);

    [LoggerMessage(2, LogLevel.Error, "A sweep failed; the next one takes up what is left")]
    public static partial void SweepFailed(ILogger logger, Exception exception);

    [LoggerMessage(3, LogLevel.Error, "What is held for an expired session ({Session}) could not be dropped everywhere")]
    public static partial void CleanupFailed(ILogger logger, string session, Exception exception);

    [LoggerMessage(4, LogLevel.Error, "A part of this instance failed to act on a signal ({Signal})")]
    public static partial void SignalFailed(ILogger logger, string signal, Exception exception);

    [LoggerMessage(5, LogLevel.Warning, "Stored content ({Kind}) of a session ({Session}) cannot be read: its key is missing or revoked, it was altered or comes from elsewhere, or it is not encrypted though it must be. It was left as it is")]
    public static partial void ContentUnreadable(ILogger logger, string kind, string session, Exception? exception);

    [LoggerMessage(6, LogLevel.Debug, "Sessions and limits could not be counted for the metrics; the next count tries again")]
    public static partial void UsageNotCounted(ILogger logger, Exception exception);
}
