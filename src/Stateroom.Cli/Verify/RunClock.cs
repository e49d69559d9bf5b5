namespace Stateroom.Cli.Verify;

/// <summary>Time of a run, in microseconds from its start; the same for all callers, and never going back.</summary>
internal sealed class RunClock(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    public TimeProvider Time => time;

    public long Now => (long)time.GetElapsedTime(_start).TotalMicroseconds;

    public TimeSpan Elapsed => time.GetElapsedTime(_start);
}
