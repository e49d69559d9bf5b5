using Stateroom.Diagnostics;
using Stateroom.Messaging;

namespace Stateroom.Sessions;

/// <summary>Ends sessions: first in the store, which is the truth, then at every instance that holds something live of them.</summary>
public sealed class SessionLifecycle
{
    private readonly ISessionStore _store;
    private readonly ISessionBackplane _backplane;
    private readonly ISessionOutbox _outbox;
    private readonly SessionMetrics? _metrics;

    /// <summary>Brings the parts together that know of a session.</summary>
    /// <param name="store">Where sessions exist.</param>
    /// <param name="outbox">What is held for their clients.</param>
    /// <param name="backplane">How instances learn of it.</param>
    public SessionLifecycle(ISessionStore store, ISessionOutbox outbox, ISessionBackplane backplane)
    {
        _store = store;
        _outbox = outbox;
        _backplane = backplane;
    }

    internal SessionLifecycle(ISessionStore store, ISessionOutbox outbox, ISessionBackplane backplane, SessionMetrics metrics)
        : this(store, outbox, backplane) => _metrics = metrics;

    /// <summary>Ends a session. When the task is done, no instance serves it any more.</summary>
    /// <param name="claim">Who ends which session.</param>
    /// <param name="cancellationToken">Ends the wait before the session is ended; from then on the ending is carried through.</param>
    /// <returns>Whether there was such a session of that caller.</returns>
    /// <exception cref="SessionStoreUnavailableException">The store did not answer in time.</exception>
    public Task<bool> EndAsync(SessionClaim claim, CancellationToken cancellationToken) => EndAsync(claim, SessionEndReason.Client, cancellationToken);

    internal async Task<bool> EndAsync(SessionClaim claim, SessionEndReason reason, CancellationToken cancellationToken)
    {
        if (!await _store.EndAsync(claim, cancellationToken))
        {
            return false;
        }

        _metrics?.Ended(claim.Caller, reason);
        await DropAsync(claim.Key);
        return true;
    }

    /// <summary>Drops what is held for a session that has expired.</summary>
    internal Task ExpireAsync(SessionKey session)
    {
        _metrics?.Expired(session.Tenant);
        return DropAsync(session);
    }

    /// <summary>Drops what is held for a session that the store holds no more. Carried through: a fault of one part keeps no other from its share.</summary>
    private async Task DropAsync(SessionKey session)
    {
        try
        {
            await _outbox.RemoveAsync(session, CancellationToken.None);
        }
        finally
        {
            await _backplane.PublishAsync(new SessionSignal.Ended(session), CancellationToken.None);
        }
    }
}
