using Stateroom.Sessions;

namespace Stateroom.Administration;

/// <summary>Ends sessions for those who run the server. It is the same end as any other: for good, at every instance, with the calls and streams that are open.</summary>
/// <remarks>Whoever has a valid credential can open a session again: to keep somebody out take the credential back first.</remarks>
public interface ISessionAdministration
{
    /// <summary>Ends a session.</summary>
    /// <param name="session">The session, as <see cref="ISessionDirectory"/> listed it.</param>
    /// <param name="cancellationToken">Ends the wait before the session is ended; from then on the ending is carried through.</param>
    /// <returns>Whether it was still there.</returns>
    /// <exception cref="SessionStoreUnavailableException">The store did not answer in time.</exception>
    Task<bool> EndAsync(SessionSummary session, CancellationToken cancellationToken);

    /// <summary>Ends every session that is open when this begins, of an owner or of a whole tenant, some at a time. Of those opened meanwhile some may be ended too.</summary>
    /// <param name="tenant">Of which tenant.</param>
    /// <param name="owner">Of which owner; null for all of the tenant.</param>
    /// <param name="cancellationToken">Ends it before the next sessions; those that were ended stay ended.</param>
    /// <returns>How many were ended.</returns>
    /// <exception cref="SessionStoreUnavailableException">The store did not answer in time; some sessions may have been ended. Doing it again ends the others.</exception>
    Task<int> EndAllAsync(TenantRooms tenant, string? owner, CancellationToken cancellationToken);
}
