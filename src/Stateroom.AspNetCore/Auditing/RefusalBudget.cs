namespace Stateroom.AspNetCore.Auditing;

/// <summary>Lets so many refusals of a kind into the log each second, and counts the others: a flood of them shows as a number, not as a flood of lines.</summary>
internal sealed class RefusalBudget : IDisposable
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly int _perWindow;
    private readonly TimeProvider _time;
    private readonly Action<long> _tellSuppressed;
    private readonly ITimer _timer;
    private long _began;
    private int _taken;
    private long _suppressed;

    /// <param name="perSecond">How many a second.</param>
    /// <param name="time">The clock.</param>
    /// <param name="tellSuppressed">Told, at the end of a second, how many more there were.</param>
    public RefusalBudget(int perSecond, TimeProvider time, Action<long> tellSuppressed)
    {
        _perWindow = perSecond;
        _time = time;
        _tellSuppressed = tellSuppressed;
        _began = time.GetTimestamp();
        _timer = time.CreateTimer(static self => ((RefusalBudget)self!).Tell(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <returns>Whether this one may be logged.</returns>
    public bool TryTake()
    {
        lock (_lock)
        {
            var elapsed = _time.GetElapsedTime(_began);
            if (elapsed >= Window)
            {
                (_began, _taken, elapsed) = (_time.GetTimestamp(), 0, TimeSpan.Zero);
            }

            if (_taken < _perWindow)
            {
                _taken++;
                return true;
            }

            if (_suppressed++ == 0)
            {
                _timer.Change(Window - elapsed, Timeout.InfiniteTimeSpan);
            }

            return false;
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        Tell();
    }

    private void Tell()
    {
        long suppressed;
        lock (_lock)
        {
            (suppressed, _suppressed) = (_suppressed, 0);
        }

        if (suppressed > 0)
        {
            _tellSuppressed(suppressed);
        }
    }
}
