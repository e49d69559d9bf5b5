using Stateroom.Redis.Connection;

namespace Stateroom.Redis.Scripts;

/// <summary>
/// Ends calls that take too long, by one timer for all, as one for each costs more than to send it. All may take equally long, so the first that began is the first whose time is over.
/// </summary>
internal sealed class CallTimeouts : IDisposable
{
    private readonly ServerClock _clock;
    private readonly ITimer _timer;
    private readonly LinkedList<ScriptCall> _calls = new();
    private readonly Lock _lock = new();
    private bool _isSet;

    public CallTimeouts(ServerClock clock, TimeProvider time)
    {
        _clock = clock;
        _timer = time.CreateTimer(static timeouts => ((CallTimeouts)timeouts!).EndLate(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Lets a call's time run.</summary>
    public void Add(ScriptCall call)
    {
        lock (_lock)
        {
            _calls.AddLast(call.Place);
            if (!_isSet)
            {
                _isSet = Set(call);
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

    /// <summary>Takes out the first call, if its time is over; if not, the timer is set for when it will be. It is set once in the time of a call, not with each.</summary>
    private ScriptCall? TakeLate()
    {
        lock (_lock)
        {
            if (_calls.First is not { Value: var first })
            {
                _isSet = false;
            }
            else if (first.Until > _clock.Now)
            {
                Set(first);
            }
            else
            {
                _calls.RemoveFirst();
                return first;
            }

            return null;
        }
    }

    private bool Set(ScriptCall call) => _timer.Change(TimeSpan.FromMilliseconds(Math.Max(1, call.Until - _clock.Now)), Timeout.InfiniteTimeSpan);
}
