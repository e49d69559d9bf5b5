using System.Diagnostics;
using Stateroom.Redis.Scripts;

namespace Stateroom.Redis.Diagnostics;

/// <summary>One run of a script that is timed, and a span where it is part of a trace. Where nobody wants to know, there is none.</summary>
internal sealed class ScriptWatch
{
    public static readonly ActivitySource Source = new(StateroomRedisTelemetry.ActivitySourceName);

    private readonly RedisScript _script;
    private readonly RedisMetrics? _metrics;
    private readonly TimeProvider _time;
    private readonly long _begun;
    private readonly Activity? _span;

    private ScriptWatch(RedisScript script, RedisMetrics? metrics, TimeProvider time, Activity? span)
    {
        _script = script;
        _metrics = metrics;
        _time = time;
        _begun = time.GetTimestamp();
        _span = span;
    }

    public static ScriptWatch? Begin(RedisScript script, RedisMetrics? metrics, TimeProvider time)
    {
        var span = Source.HasListeners() && Activity.Current is not null ? Start(script) : null;
        metrics = metrics is { AreScriptsTimed: true } ? metrics : null;
        return span is null && metrics is null ? null : new(script, metrics, time, span);
    }

    public void End(Exception? exception = null)
    {
        // A caller that left is no fault of Redis.
        var error = exception switch
        {
            null => null,
            OperationCanceledException => "cancelled",
            _ => (exception.InnerException ?? exception).GetType().FullName,
        };
        _metrics?.Took(_script.Name, _time.GetElapsedTime(_begun), error);
        if (_span is not null)
        {
            if (error is not null)
            {
                _span.SetTag("error.type", error).SetStatus(ActivityStatusCode.Error);
            }

            // Whoever ends a run, as by cancelling it, goes on in a span of its own, which the end of another would replace.
            var current = Activity.Current;
            _span.Stop();
            Activity.Current = current;
        }
    }

    private static Activity? Start(RedisScript script)
    {
        var current = Activity.Current;
        var span = Source.StartActivity($"EVALSHA {script.Name}", ActivityKind.Client);
        span?.SetTag("db.system.name", "redis").SetTag("db.operation.name", "EVALSHA").SetTag("db.stored_procedure.name", script.Name);

        // Whoever runs scripts in parallel must not have one inside the other.
        Activity.Current = current;
        return span;
    }
}
