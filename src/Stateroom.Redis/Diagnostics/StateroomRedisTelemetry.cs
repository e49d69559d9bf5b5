namespace Stateroom.Redis.Diagnostics;

/// <summary>The names under which this library tells what it does. What each means and what to do about it: <c>docs/telemetry.md</c>.</summary>
public static class StateroomRedisTelemetry
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Stateroom.Redis";

    /// <summary>The name of the source of spans.</summary>
    public const string ActivitySourceName = "Stateroom.Redis";

    /// <summary>Histogram, in seconds: how long Redis took to run a script, by the tags of the OpenTelemetry semantic conventions for databases.</summary>
    public const string OperationDuration = "db.client.operation.duration";

    /// <summary>Gauge: commands that were sent to Redis and not answered yet.</summary>
    public const string PendingCommands = "stateroom.redis.pending_commands";

    /// <summary>Gauge: 1 while this instance hears what others publish, otherwise 0.</summary>
    public const string Hearing = "stateroom.redis.hearing";

    /// <summary>Counter: signals that were sent to other instances, by <see cref="Signal"/>.</summary>
    public const string SignalsSent = "stateroom.signals.sent";

    /// <summary>Counter: signals that came from other instances, by <see cref="Signal"/>.</summary>
    public const string SignalsReceived = "stateroom.signals.received";

    /// <summary>Tag: the kind of a signal, such as <c>answer</c>.</summary>
    public const string Signal = "stateroom.signal";
}
