using System.Diagnostics;
using Stateroom.Messaging;

namespace Stateroom.Redis.Diagnostics;

/// <summary>The spans of a signal on its way from one instance to another, as the OpenTelemetry semantic conventions for messaging have them.</summary>
internal static class SignalSpan
{
    /// <summary>What goes with a signal, so that what it causes elsewhere is part of the same trace; null where nobody traces.</summary>
    public static ActivityContext? Context => ScriptWatch.Source.HasListeners() ? Activity.Current?.Context : null;

    /// <summary>The span of sending, as the current one; null outside a trace.</summary>
    public static Activity? Send(SessionSignal signal) => ScriptWatch.Source.HasListeners() && Activity.Current is not null
        ? Describe(ScriptWatch.Source.StartActivity($"publish {RedisMetrics.NameOf(signal)}", ActivityKind.Producer), signal, "send")
        : null;

    /// <summary>The span of acting on a signal, as the current one; null where it came without context.</summary>
    public static Activity? Receive(SessionSignal signal, ActivityContext? sent) => sent is { } parent
        ? Describe(ScriptWatch.Source.StartActivity($"process {RedisMetrics.NameOf(signal)}", ActivityKind.Consumer, parent), signal, "process")
        : null;

    private static Activity? Describe(Activity? span, SessionSignal signal, string operation) => span?
        .SetTag("messaging.system", "redis")
        .SetTag("messaging.operation.type", operation)
        .SetTag(StateroomRedisTelemetry.Signal, RedisMetrics.NameOf(signal));
}
