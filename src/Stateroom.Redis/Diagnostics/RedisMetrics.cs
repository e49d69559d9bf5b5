using System.Diagnostics;
using System.Diagnostics.Metrics;
using Stateroom.Messaging;
using Names = Stateroom.Redis.Diagnostics.StateroomRedisTelemetry;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace Stateroom.Redis.Diagnostics;

/// <summary>What is counted of Redis and of the signals between instances. Where nobody collects it, each of these is a look at one field.</summary>
internal sealed class RedisMetrics
{
    private static readonly Tag _system = new("db.system.name", "redis");
    private static readonly Tag _command = new("db.operation.name", "EVALSHA");

    private readonly Counter<long> _sent;
    private readonly Counter<long> _received;
    private readonly Histogram<double> _duration;

    public RedisMetrics(IMeterFactory? meters = null)
    {
        Meter = meters?.Create(Names.MeterName) ?? new Meter(Names.MeterName);
        _sent = Meter.CreateCounter<long>(Names.SignalsSent, "{signal}", "Signals that were sent to other instances.");
        _received = Meter.CreateCounter<long>(Names.SignalsReceived, "{signal}", "Signals that came from other instances.");
        _duration = Meter.CreateHistogram(
            Names.OperationDuration,
            "s",
            "How long Redis took to run a script.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5] });
    }

    public Meter Meter { get; }

    /// <summary>Whether anybody wants to know how long scripts take.</summary>
    public bool AreScriptsTimed => _duration.Enabled;

    public static string NameOf(SessionSignal signal) => signal switch
    {
        SessionSignal.Answer => "answer",
        SessionSignal.Cancel => "cancel",
        SessionSignal.Ended => "ended",
        SessionSignal.Nudge => "nudge",
        SessionSignal.Taken => "taken",
        SessionSignal.Changed => "changed",
        _ => "resync",
    };

    public void Sent(SessionSignal signal) => _sent.Add(1, new Tag(Names.Signal, NameOf(signal)));

    public void Received(SessionSignal signal) => _received.Add(1, new Tag(Names.Signal, NameOf(signal)));

    public void Took(string script, TimeSpan time, string? error)
    {
        var tags = new TagList { _system, _command, { "db.stored_procedure.name", script } };
        if (error is not null)
        {
            tags.Add("error.type", error);
        }

        _duration.Record(time.TotalSeconds, tags);
    }
}
