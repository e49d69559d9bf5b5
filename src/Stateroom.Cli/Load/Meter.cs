using System.Collections.Concurrent;
using HdrHistogram;
using Stateroom.Cli.Protocol;

namespace Stateroom.Cli.Load;

/// <summary>Counts answers and how long they took.</summary>
internal sealed class Meter
{
    private const long Longest = 3_600_000_000;
    private const int Digits = 3;
    private const int MaxKinds = 20;

    private readonly LongConcurrentHistogram _microseconds = new(1, Longest, Digits);
    private readonly ConcurrentDictionary<string, long> _errors = new();

    /// <summary>How long was measured in all.</summary>
    public TimeSpan Measured { get; set; }

    public long Calls => _microseconds.TotalCount;

    public void Note(Answer answer, TimeSpan latency)
    {
        _microseconds.RecordValue(Math.Clamp((long)latency.TotalMicroseconds, 1, Longest));
        if (!answer.IsOk)
        {
            var kind = answer.Describe();
            _errors.AddOrUpdate(_errors.Count < MaxKinds || _errors.ContainsKey(kind) ? kind : "other", 1, (_, n) => n + 1);
        }
    }

    /// <summary>Adds what another one counted.</summary>
    public void Add(Meter other)
    {
        _microseconds.Add(other._microseconds);
        foreach (var (error, count) in other._errors)
        {
            _errors.AddOrUpdate(error, count, (_, n) => n + count);
        }

        Measured += other.Measured;
    }

    public LoadFigures Figures()
    {
        var errors = _errors.OrderByDescending(e => e.Value).ToDictionary();
        return new()
        {
            Calls = Calls,
            Seconds = Measured.TotalSeconds,
            CallsPerSecond = Measured > TimeSpan.Zero ? (Calls - errors.Values.Sum()) / Measured.TotalSeconds : 0,
            P50 = At(50),
            P90 = At(90),
            P99 = At(99),
            P999 = At(99.9),
            Max = At(100),
            Errors = errors,
        };
    }

    private double At(double percentile) => Calls == 0 ? 0 : _microseconds.GetValueAtPercentile(percentile) / 1000.0;
}

/// <summary>What came out. Times are in milliseconds; throughput counts the calls that succeeded.</summary>
internal sealed record LoadFigures
{
    public required long Calls { get; init; }

    public required double Seconds { get; init; }

    public required double CallsPerSecond { get; init; }

    public required double P50 { get; init; }

    public required double P90 { get; init; }

    public required double P99 { get; init; }

    public required double P999 { get; init; }

    public required double Max { get; init; }

    /// <summary>How often a call failed in each way.</summary>
    public required IReadOnlyDictionary<string, long> Errors { get; init; }
}
