using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Stateroom.AspNetCore.Diagnostics;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Limits;

/// <summary>Hears of everything that is refused because a limit is reached. A flood fills no log: each limit is named at once, and then with a count, at most every ten seconds.</summary>
internal sealed class Refusals(ServerMetrics metrics, TimeProvider time, ILogger<Refusals> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, Tally> _tallies = new(StringComparer.Ordinal);

    /// <summary>How often a limit was the reason.</summary>
    public long CountOf(string limit) => _tallies.TryGetValue(limit, out var tally) ? tally.Total : 0;

    /// <param name="caller">Who is refused.</param>
    /// <param name="limit">The limit, one of the few names that the settings have.</param>
    public void Add(Caller caller, string limit)
    {
        metrics.Rejected(caller, limit);
        if (_tallies.GetOrAdd(limit, static _ => new()).Add(time) is { } count)
        {
            Log.LimitReached(logger, limit, count);
        }
    }

    private sealed class Tally
    {
        private readonly Lock _lock = new();
        private long _told;
        private long? _toldAt;

        public long Total { get; private set; }

        /// <returns>How many there were since the last time that was worth telling; null if it is not yet time.</returns>
        public long? Add(TimeProvider time)
        {
            lock (_lock)
            {
                Total++;
                if (_toldAt is { } at && time.GetElapsedTime(at) < Interval)
                {
                    return null;
                }

                var count = Total - _told;
                (_told, _toldAt) = (Total, time.GetTimestamp());
                return count;
            }
        }
    }
}
