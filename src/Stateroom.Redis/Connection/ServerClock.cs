namespace Stateroom.Redis.Connection;

/// <summary>
/// What is known here of Redis's clock, learnt from its answers. This instance's own wall clock plays no part; the estimate stands on the monotonic clock
/// and is off by no more than the quickest answer took and the two clocks drifted apart since.
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
    public long After(TimeSpan span) => At(Now) + (long)span.TotalMilliseconds;

    /// <summary>A moment of the monotonic clock on Redis's.</summary>
    public long At(long moment) => moment + Volatile.Read(ref _offset);

    /// <summary>
    /// Takes up an answer. It was written between the question and now, so Redis's clock is ahead by no less and no more than that allows; what fits stands, as a slow
    /// answer knows less than a quick one before it.
    /// </summary>
    /// <param name="sent">When the question was sent, by <see cref="Now"/>.</param>
    /// <param name="serverNow">The time that the answer told, in milliseconds.</param>
    public void Learn(long sent, long serverNow)
    {
        var (least, most, offset) = (serverNow - Now, serverNow - sent + 1, Volatile.Read(ref _offset));
        Volatile.Write(ref _offset, offset == Unknown ? most : Math.Clamp(offset, least, most));
    }
}
