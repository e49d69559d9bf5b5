namespace Stateroom.Sessions;

/// <summary>Tells the time on which all instances agree, for a moment that one of them notes and another compares with. The clock of an instance may be wrong.</summary>
public interface ISharedClock
{
    /// <summary>Gives the time.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SessionStoreUnavailableException">The time is not known, as the store has not been reached yet and cannot be now.</exception>
    ValueTask<DateTimeOffset> GetUtcNowAsync(CancellationToken cancellationToken);
}
