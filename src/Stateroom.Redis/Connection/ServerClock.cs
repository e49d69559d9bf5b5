namespace Stateroom.Redis.Connection;

/// <summary>
/// What is known here of Redis's clock, learnt from its answers. This instance's own wall clock plays no part; the estimate stands on the monotonic clock
/// and is never behind Redis by more than the two clocks drift apart between two answers.
/// </summary>
internal sealed class ServerClock(TimeProvider time)
{
    private const long Unknown = long.MinValue;

    private long _offset = Unknown;

    /// <summary>Milliseconds on the monotonic clock.</summary>
    public long Now => (long)time.GetElapsedTime(0).TotalMilliseconds;

    /// <summary>Whether Redis has told its time yet.</summary>
    public bool IsKnown => Volatile.Read(ref _offset) != Unknown;

    /// <summary>The moment on Redis's clock when the time from now on is over, in milliseconds.</summary>
    public long After(TimeSpan span) => Now + Volatile.Read(ref _offset) + (long)span.TotalMilliseconds;

    /// <summary>Takes up an answer. As it was written after the question was sent, Redis's clock was at most this far ahead.</summary>
    /// <param name="sent">When the question was sent, by <see cref="Now"/>.</param>
    /// <param name="serverNow">The time that the answer told, in milliseconds.</param>
    public void Learn(long sent, long serverNow) => Volatile.Write(ref _offset, serverNow - sent + 1);
}
