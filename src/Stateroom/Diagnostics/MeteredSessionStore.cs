using Stateroom.Encryption;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.Diagnostics;

/// <summary>Counts and times what a store is asked for.</summary>
internal sealed class MeteredSessionStore(ISessionStore inner, SessionMetrics metrics, TimeProvider time) : ISessionStore
{
    /// <summary>The store that is watched.</summary>
    public ISessionStore Inner => inner;

    /// <summary>The store that holds the sessions, behind whatever is put around it here.</summary>
    public static ISessionStore Innermost(ISessionStore store) => store switch
    {
        MeteredSessionStore metered => Innermost(metered.Inner),
        EncryptedSessionStore encrypted => Innermost(encrypted.Inner),
        _ => store,
    };

    public ValueTask<SessionCreation> CreateAsync(NewSession session, CancellationToken cancellationToken) =>
        metrics.AreStoresWatched ? WatchCreateAsync(session, cancellationToken) : inner.CreateAsync(session, cancellationToken);

    public ValueTask<SessionRecord?> TouchAsync(SessionClaim claim, CancellationToken cancellationToken) =>
        metrics.AreStoresWatched ? WatchTouchAsync(claim, cancellationToken) : inner.TouchAsync(claim, cancellationToken);

    public ValueTask<StateWriteResult> WriteStateAsync(SessionClaim claim, StateWrite write, CancellationToken cancellationToken) =>
        metrics.AreStoresWatched ? WatchWriteStateAsync(claim, write, cancellationToken) : inner.WriteStateAsync(claim, write, cancellationToken);

    public ValueTask<bool> EndAsync(SessionClaim claim, CancellationToken cancellationToken) =>
        metrics.AreStoresWatched ? metrics.TimeAsync("end", time, time.GetTimestamp(), inner.EndAsync(claim, cancellationToken)) : inner.EndAsync(claim, cancellationToken);

    public ValueTask<IReadOnlyList<SessionRecord>> ListAsync(Caller caller, SessionEra era, CancellationToken cancellationToken) =>
        metrics.AreStoresWatched ? metrics.TimeAsync("list", time, time.GetTimestamp(), inner.ListAsync(caller, era, cancellationToken)) : inner.ListAsync(caller, era, cancellationToken);

    private async ValueTask<SessionCreation> WatchCreateAsync(NewSession session, CancellationToken cancellationToken)
    {
        var creation = await metrics.TimeAsync("create", time, time.GetTimestamp(), inner.CreateAsync(session, cancellationToken));
        if (creation.Status == SessionCreationStatus.Created)
        {
            metrics.Opened(session.Caller, session.Era);
        }

        return creation;
    }

    // Each call of a tool comes by the following two, so they do not go by way of TimeAsync, which costs a state machine more.
    private async ValueTask<SessionRecord?> WatchTouchAsync(SessionClaim claim, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        try
        {
            var session = await inner.TouchAsync(claim, cancellationToken);
            metrics.Took("touch", time.GetElapsedTime(begun), failed: false);
            metrics.LookedUp(claim.Era, session is not null);
            return session;
        }
        catch (SessionStoreUnavailableException)
        {
            metrics.Took("touch", time.GetElapsedTime(begun), failed: true);
            metrics.LookUpFailed(claim.Era);
            throw;
        }
    }

    private async ValueTask<StateWriteResult> WatchWriteStateAsync(SessionClaim claim, StateWrite write, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        try
        {
            var result = await inner.WriteStateAsync(claim, write, cancellationToken);
            metrics.Took("write", time.GetElapsedTime(begun), failed: false);
            metrics.Wrote(claim.Caller, result.Status);
            return result;
        }
        catch (SessionStoreUnavailableException)
        {
            metrics.Took("write", time.GetElapsedTime(begun), failed: true);
            metrics.Wrote(claim.Caller, status: null);
            throw;
        }
    }
}
