namespace Stateroom.Sessions;

/// <summary>The clock of this process, which agrees with itself.</summary>
internal sealed class InMemorySharedClock(TimeProvider time) : ISharedClock
{
    public ValueTask<DateTimeOffset> GetUtcNowAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(time.GetUtcNow());
    }
}
