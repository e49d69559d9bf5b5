namespace Stateroom.Sessions;

/// <summary>The time of an in-process store.</summary>
/// <remarks>Deadlines stand on the monotonic clock, so that setting the wall clock neither ends a session nor keeps one alive.</remarks>
internal sealed class SessionClock(TimeProvider time)
{
    private readonly long _origin = time.GetTimestamp();

    /// <summary>Ticks (100 ns) since the store began.</summary>
    public long Ticks => time.GetElapsedTime(_origin).Ticks;

    /// <summary>The wall clock, for people to read.</summary>
    public DateTimeOffset UtcNow => time.GetUtcNow();
}
