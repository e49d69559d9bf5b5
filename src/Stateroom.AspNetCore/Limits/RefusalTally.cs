using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Stateroom.AspNetCore.Auditing;
using Stateroom.AspNetCore.Diagnostics;
using Stateroom.State;
using Stateroom.Tenancy;
using SessionOptions = Stateroom.Sessions.SessionOptions;

namespace Stateroom.AspNetCore.Limits;

/// <summary>Counts everything that is refused because a limit is reached. A flood fills no log: each limit is named at once, and then with a count, at most every ten seconds.</summary>
internal sealed class RefusalTally(ServerMetrics metrics, TimeProvider time, AuditLog audit, ILogger<RefusalTally> logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, Tally> _tallies = new(StringComparer.Ordinal);

    /// <summary>How often a limit was the reason.</summary>
    public long CountOf(string limit) => _tallies.TryGetValue(limit, out var tally) ? tally.Total : 0;

    /// <summary>Counts a refusal that a caller finds in the answer to a message, where no status of HTTP tells it, and has it audited.</summary>
    /// <param name="caller">Who is refused.</param>
    /// <param name="limit">The limit, one of the few names that the settings have.</param>
    public void AddTold(Caller caller, string limit)
    {
        Add(caller, limit);
        audit.Refused(caller, new(RefusalKind.Limit, limit));
    }

    /// <summary>Does the same for an exception that says that a limit of sessions is reached; others are none of its business.</summary>
    public void AddTold(Caller? caller, Exception exception)
    {
        var limit = exception switch
        {
            SessionLimitException reached => reached.Limit,
            SessionStateTooLargeException => nameof(SessionOptions.MaxStateBytes),
            _ => null,
        };
        if (caller is not null && limit is not null)
        {
            AddTold(caller, limit);
        }
    }

    /// <summary>Counts a refusal.</summary>
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
