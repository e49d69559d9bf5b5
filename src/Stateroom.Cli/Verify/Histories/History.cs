using System.Collections.Concurrent;

namespace Stateroom.Cli.Verify.Histories;

/// <summary>Everything that was seen of sessions, by all who used them at the same time.</summary>
internal sealed class History
{
    /// <summary>What was done to the objects of sessions.</summary>
    public ConcurrentQueue<Operation> Operations { get; } = new();

    /// <summary>Markers that turned up in another session.</summary>
    public ConcurrentQueue<Sighting> Crossings { get; } = new();

    /// <summary>What sessions answered after their end was acknowledged.</summary>
    public ConcurrentQueue<Sighting> AfterEnd { get; } = new();

    /// <summary>Live sessions that were said not to be.</summary>
    public ConcurrentQueue<Sighting> Losses { get; } = new();

    private long _looked;

    /// <summary>How many answers were looked through for markers.</summary>
    public long Looked => Interlocked.Read(ref _looked);

    public void CountLook() => Interlocked.Increment(ref _looked);
}

/// <summary>Something that was seen.</summary>
/// <param name="Session">The number of the session.</param>
/// <param name="What">What was done.</param>
/// <param name="Start">When, in microseconds of the run.</param>
/// <param name="End">When it was answered.</param>
/// <param name="Answer">What was answered.</param>
/// <param name="IsFault">Whether it must not be.</param>
/// <param name="Since">What it breaks, and when that was.</param>
internal sealed record Sighting(int Session, string What, long Start, long End, string Answer, bool IsFault, string Since);
