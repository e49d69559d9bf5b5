using Microsoft.Extensions.Options;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>
/// Has those begin a stream who take longer than <see cref="SessionEndpointOptions.StreamAfter"/>, so that their clients see that something comes. All are given equally long, so
/// who comes first is due first: one timer does for all, and most are gone before it looks at them.
/// </summary>
internal sealed class StreamDelay : IDisposable
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan _delay;
    private readonly ITimer _timer;
    private Entry? _first;
    private Entry? _last;
    private bool _isSet;

    public StreamDelay(TimeProvider time, IOptions<SessionEndpointOptions> endpoint)
    {
        _time = time;
        _delay = endpoint.Value.StreamAfter;

        // It carries nothing of the request that came first.
        using (ExecutionContext.SuppressFlow())
        {
            _timer = time.CreateTimer(static delay => ((StreamDelay)delay!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Gives somebody time, once, until it is ended.</summary>
    public void Begin(Entry entry)
    {
        entry.Flow = ExecutionContext.Capture();
        lock (_lock)
        {
            entry.BegunAt = _time.GetTimestamp();
            entry.Previous = _last;
            _ = _last is null ? _first = entry : _last.Next = entry;
            _last = entry;
            if (!_isSet)
            {
                _isSet = _timer.Change(_delay, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>Has somebody not begin a stream any more who has not begun it yet.</summary>
    public void End(Entry entry)
    {
        lock (_lock)
        {
            Remove(entry);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void OnTimer()
    {
        while (TakeDue() is { } entry)
        {
            // In its own flow, to which belongs whatever is measured of the stream.
            if (entry.Flow is { } flow)
            {
                ExecutionContext.Run(flow, static entry => ((Entry)entry!).OnDue(), entry);
            }
            else
            {
                entry.OnDue();
            }
        }
    }

    /// <summary>Takes one that is due. If none is, the timer waits for the first.</summary>
    private Entry? TakeDue()
    {
        lock (_lock)
        {
            if (_first is not { } entry)
            {
                _isSet = false;
                return null;
            }

            var left = _delay - _time.GetElapsedTime(entry.BegunAt);
            if (left > TimeSpan.Zero)
            {
                // A timer may be early by less than it can wait for.
                _timer.Change(left < TimeSpan.FromMilliseconds(1) ? TimeSpan.FromMilliseconds(1) : left, Timeout.InfiniteTimeSpan);
                return null;
            }

            Remove(entry);
            return entry;
        }
    }

    private void Remove(Entry entry)
    {
        if (entry != _first && entry.Previous is null)
        {
            return;
        }

        _ = entry.Previous is null ? _first = entry.Next : entry.Previous.Next = entry.Next;
        _ = entry.Next is null ? _last = entry.Previous : entry.Next.Previous = entry.Previous;
        entry.Previous = entry.Next = null;
    }

    /// <summary>Somebody who may wait, once. What is in here is guarded by the lock.</summary>
    internal abstract class Entry
    {
        public Entry? Previous { get; set; }

        public Entry? Next { get; set; }

        public long BegunAt { get; set; }

        public ExecutionContext? Flow { get; set; }

        /// <summary>Begins the stream, and returns at once.</summary>
        public abstract void OnDue();
    }
}
