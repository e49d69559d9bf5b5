using Stateroom.Sessions;
using Stateroom.State;

namespace Stateroom.AspNetCore.Stateless;

/// <summary>Lets a stateless-era call into the session that it named.</summary>
internal sealed class SessionDoor(ISessionStore store)
{
    /// <summary>Looks the session up, slides its deadline and gives it to the call.</summary>
    /// <returns>Whether there is such a session of this caller.</returns>
    /// <exception cref="SessionStoreUnavailableException">The store did not answer in time.</exception>
    public async ValueTask<bool> TryEnterAsync(SessionContext context, string? handle, CancellationToken cancellationToken)
    {
        if (handle is null
            || await store.TouchAsync(new SessionClaim(context.Caller, handle, SessionEra.Stateless), cancellationToken) is not { } session)
        {
            return false;
        }

        context.Enter(session);
        return true;
    }
}
