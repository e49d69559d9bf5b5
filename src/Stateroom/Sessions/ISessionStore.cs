using Stateroom.Tenancy;

namespace Stateroom.Sessions;

/// <summary>
/// Holds sessions and their state: the one place where a session exists. Every write is conditional, every read checks owner, era and deadline.
/// </summary>
/// <remarks>
/// Outcomes that are expected are statuses. A store that cannot be reached throws <see cref="SessionStoreUnavailableException"/>; nothing is guessed in its place.
/// </remarks>
public interface ISessionStore
{
    /// <summary>Opens a session, if the tenant and the owner are under their limits. Nobody else's session is ever evicted for it.</summary>
    /// <remarks>
    /// Only live sessions count. Where both limits are reached, the tenant's is told. The sessions of anonymous callers count among themselves, not with those
    /// of a tenant that has their tenant's name, and the owner's limit applies to each <see cref="Caller.Source"/> that they are opened from. A backend may count such a
    /// session where it is used from, too, and one that was ended from elsewhere until it would have expired.
    /// A store whose sessions live on where they are when this instance stops opens sessions until the end; one whose sessions go with it opens none any more
    /// (<see cref="SessionCreationStatus.InstanceStopping"/>) once <see cref="Microsoft.Extensions.Hosting.IHostApplicationLifetime.ApplicationStopping"/> is cancelled.
    /// </remarks>
    /// <param name="session">The session to open.</param>
    /// <param name="cancellationToken">Ends the wait; whether the session was opened is then unknown.</param>
    /// <exception cref="SessionStoreUnavailableException">The store did not answer in time.</exception>
    ValueTask<SessionCreation> CreateAsync(NewSession session, CancellationToken cancellationToken);

    /// <summary>Looks a session up and, in the same step, slides its deadline.</summary>
    /// <param name="claim">Who asks for which session.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The session with its state; null if it is unknown, expired, ended, of the other era or somebody else's.</returns>
    /// <exception cref="SessionStoreUnavailableException">The store did not answer in time.</exception>
    ValueTask<SessionRecord?> TouchAsync(SessionClaim claim, CancellationToken cancellationToken);

    /// <summary>Writes one entry of a session's state if it is still at the version that the writer saw, and with that slides the deadline. A write that is refused changes nothing.</summary>
    /// <param name="claim">Who writes to which session.</param>
    /// <param name="write">The entry, its expected version and its new value.</param>
    /// <param name="cancellationToken">Ends the wait; whether the entry was written is then unknown.</param>
    /// <exception cref="SessionStoreUnavailableException">The store did not answer in time.</exception>
    ValueTask<StateWriteResult> WriteStateAsync(SessionClaim claim, StateWrite write, CancellationToken cancellationToken);

    /// <summary>Ends a session for good: no write that is under way can bring it back.</summary>
    /// <param name="claim">Who ends which session.</param>
    /// <param name="cancellationToken">Ends the wait; whether the session was ended is then unknown.</param>
    /// <returns>Whether there was such a session; false also when it is somebody else's.</returns>
    /// <exception cref="SessionStoreUnavailableException">The store did not answer in time.</exception>
    ValueTask<bool> EndAsync(SessionClaim claim, CancellationToken cancellationToken);

    /// <summary>Lists the sessions that a caller holds, newest first, without sliding any deadline.</summary>
    /// <param name="caller">Whose sessions; <see cref="Caller.Anonymous"/> holds none that could be listed.</param>
    /// <param name="era">Of which era.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The live sessions, their <see cref="SessionRecord.State"/> left empty.</returns>
    /// <exception cref="SessionStoreUnavailableException">The store did not answer in time.</exception>
    ValueTask<IReadOnlyList<SessionRecord>> ListAsync(Caller caller, SessionEra era, CancellationToken cancellationToken);
}
