using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Stateroom.Redis.Diagnostics;

/// <summary>What this assembly logs. Sessions appear as fingerprints only; connection strings never.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Connected to Redis")]
    public static partial void Connected(ILogger logger);

    [LoggerMessage(2, LogLevel.Warning, "Redis cannot be reached yet. This instance is not ready and goes on trying")]
    public static partial void WaitingForRedis(ILogger logger, Exception? exception);

    [LoggerMessage(3, LogLevel.Warning, "The {Connection} connection to Redis is lost ({Failure}). Calls fail until it is back")]
    public static partial void ConnectionLost(ILogger logger, ConnectionType connection, ConnectionFailureType failure);

    [LoggerMessage(4, LogLevel.Information, "The {Connection} connection to Redis is back")]
    public static partial void ConnectionRestored(ILogger logger, ConnectionType connection);

    [LoggerMessage(5, LogLevel.Warning, "The entries of a session ({Session}) could not be renewed; the next use tries again")]
    public static partial void RenewalFailed(ILogger logger, string session, Exception exception);

    [LoggerMessage(6, LogLevel.Warning, "The entries of a session ({Session}) could not be taken out of the limits; they lapse by themselves")]
    public static partial void ReleaseFailed(ILogger logger, string session, Exception exception);

    [LoggerMessage(7, LogLevel.Warning, "A signal ({Signal}) did not reach the other instances; what it told of stands in the store")]
    public static partial void SignalLost(ILogger logger, string signal, Exception exception);

    [LoggerMessage(8, LogLevel.Warning, "A signal of an unknown kind (format {Format}) was left alone. Does a newer version of this program run beside this one?")]
    public static partial void SignalUnknown(ILogger logger, int format);

    [LoggerMessage(9, LogLevel.Warning, "This instance does not hear the others yet; it will when Redis can be reached")]
    public static partial void SubscriptionDelayed(ILogger logger, Exception exception);

    [LoggerMessage(14, LogLevel.Debug, "The key ring could not be compared with what Redis holds; the next heartbeat tries again")]
    public static partial void KeyRingNotReconciled(ILogger logger, Exception exception);

    [LoggerMessage(10, LogLevel.Debug, "This instance could not say that it is alive")]
    public static partial void HeartbeatFailed(ILogger logger, Exception exception);

    [LoggerMessage(11, LogLevel.Warning, "What this instance holds of its callers' limits could not be renewed; while Redis is away nobody is admitted")]
    public static partial void LeasesNotRenewed(ILogger logger, Exception exception);

    [LoggerMessage(12, LogLevel.Debug, "A place in a limit could not be given back; it lapses by itself")]
    public static partial void LeaseNotReleased(ILogger logger, Exception exception);

    [LoggerMessage(13, LogLevel.Warning, "A tenant could not be entered among those that have sessions; administration lists it again once one of them is opened or renewed")]
    public static partial void TenantNotListed(ILogger logger, Exception exception);

    [LoggerMessage(20, LogLevel.Debug, "This instance could not be entered among those that administration lists; the next heartbeat tries again")]
    public static partial void InstanceNotListed(ILogger logger, Exception exception);

    [LoggerMessage(21, LogLevel.Warning, "An answer of {Bytes} bytes to a question of this instance found no room beside those that wait and was dropped")]
    public static partial void AnswerDropped(ILogger logger, int bytes);
}
