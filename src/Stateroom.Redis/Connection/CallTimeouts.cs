namespace Stateroom.Redis.Connection;

/// <summary>
/// Ends calls that take too long, by one timer for all, as one for each costs more than to send it. All may take equally long, so the first that began is the first whose time is over.
/// </summary>
internal sealed class CallTimeouts : IDisposable
{
    private readonly TimeSpan _limit;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly LinkedList<ScriptCall> _calls = new();
    private readonly Lock _lock = new();
    private bool _isSet;

    public CallTimeouts(TimeSpan limit, TimeProvider time)
    {
        (_limit, _time) = (limit, time);
        _timer = time.CreateTimer(static timeouts => ((CallTimeouts)timeouts!).EndLate(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Lets a call's time run.</summary>
    public void Add(ScriptCall call)
    {
        lock (_lock)
        {
            call.Begun = _time.GetTimestamp();
            _calls.AddLast(call.Place);
            if (!_isSet)
            {
                _isSet = _timer.Change(_limit, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Forgets a call.</summary>
    public void Remove(ScriptCall call)
    {
        lock (_lock)
        {
            if (call.Place.List is not null)
            {
                _calls.Remove(call.Place);
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    private void EndLate()
    {
        while (TakeLate() is { } call)
        {
            call.End(RedisCommands.Unanswered(new TimeoutException()));
        }
    }

    /// <summary>Takes out the first call, if its time is over; if not, the timer is set for when it will be. It is set again once a limit at the most, not with each call.</summary>
    private ScriptCall? TakeLate()
    {
        lock (_lock)
        {
            if (_calls.First is not { } first)
            {
                _isSet = false;
                return null;
            }

            var left = _limit - _time.GetElapsedTime(first.Value.Begun);
            if (left > TimeSpan.Zero)
            {
                // A timer knows whole milliseconds.
                _timer.Change(left + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
                return null;
            }

            _calls.Remove(first);
            return first.Value;
        }
    }
}
