namespace Stateroom.Cli.Load;

/// <summary>Loads one server, or two in turns so that whatever else the machine does meets both alike.</summary>
internal sealed class LoadRun(LoadOptions options, TimeProvider time)
{
    private static readonly TimeSpan _beat = TimeSpan.FromMilliseconds(250);

    /// <summary>Runs to the end; the sessions that it opened are ended in any case.</summary>
    /// <exception cref="UsageException">It cannot run.</exception>
    public async Task<LoadReport> RunAsync(IProgress<LoadProgress> progress, CancellationToken cancellationToken)
    {
        await using var first = new LoadTarget(string.Join(", ", options.Urls), options.Urls, options, time);
        await using var second = options.Against is { } url ? new LoadTarget(url.ToString(), [url], options, time) : null;
        LoadTarget[] targets = second is null ? [first] : [first, second];
        foreach (var target in targets)
        {
            await target.OpenAsync(cancellationToken);
            await MeasureAsync(target, options.WarmUp, "warming up", null, progress, cancellationToken);
        }

        var ratios = new List<double>();
        var rounds = second is null ? 1 : options.Rounds;
        for (var round = 0; round < rounds; round++)
        {
            // Who goes first changes, so that neither has the better place.
            var order = round % 2 == 0 ? targets : [.. targets.Reverse()];
            var speeds = new Dictionary<LoadTarget, double>();
            foreach (var target in order)
            {
                var meter = await MeasureAsync(target, options.Duration / rounds, rounds > 1 ? $"round {round + 1} of {rounds}" : "measuring", target.Total, progress, cancellationToken);
                speeds[target] = meter.Figures().CallsPerSecond;
            }

            if (second is not null && speeds[second] > 0)
            {
                ratios.Add(speeds[first] / speeds[second]);
            }
        }

        ratios.Sort();
        return new()
        {
            Era = options.Era,
            Sessions = options.Sessions,
            Rate = options.Rate,
            Targets = [.. targets.Select(t => new TargetReport(t.Name, t.Total.Figures()))],
            Ratio = ratios.Count > 0 ? new Ratio(ratios[ratios.Count / 2], ratios[0], ratios[^1]) : null,
        };
    }

    private async Task<Meter> MeasureAsync(
        LoadTarget target, TimeSpan duration, string phase, Meter? total, IProgress<LoadProgress> progress, CancellationToken cancellationToken)
    {
        var meter = new Meter();
        var start = time.GetTimestamp();
        var running = target.RunAsync(duration, meter, cancellationToken);
        while (!running.IsCompleted)
        {
            await Task.WhenAny(running, Task.Delay(_beat, time, CancellationToken.None));
            var elapsed = time.GetElapsedTime(start);
            progress.Report(new(target.Name, phase, elapsed, duration, meter.Calls / elapsed.TotalSeconds, meter.Figures()));
        }

        await running;
        total?.Add(meter);
        return meter;
    }
}

/// <summary>How far a run is.</summary>
internal sealed record LoadProgress(string Target, string Phase, TimeSpan Elapsed, TimeSpan Duration, double CallsPerSecond, LoadFigures Figures);
