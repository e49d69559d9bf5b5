using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.State;

/// <summary>The session of one call: its room, or the right to open one with the first write.</summary>
public sealed class SessionContext
{
    private readonly ISessionStore _store;

    // Code of one call that runs in parallel takes turns at the store: it opens one room between it, and what it reads never goes back in time.
    private Turn _turn;
    private volatile SessionRecord? _session;
    private volatile bool _opened;

    internal SessionContext(ISessionStore store, Caller caller, SessionEra era, SessionRecord? session)
    {
        _store = store;
        Caller = caller;
        Era = era;
        _session = session;
    }

    /// <summary>Who calls.</summary>
    public Caller Caller { get; }

    /// <summary>The era of the call.</summary>
    public SessionEra Era { get; }

    /// <summary>The session as this call knows it; null while a stateless-era call has no room.</summary>
    public SessionRecord? Session => _session;

    /// <summary>Whether this call opened the room.</summary>
    public bool Opened => _opened;

    internal SessionClaim Claim(SessionRecord session) => new(Caller, session.Key.Id, Era);

    /// <summary>Gives the call the room that it named.</summary>
    internal void Enter(SessionRecord session) => _session = session;

    internal async Task<SessionRecord?> RefreshAsync(CancellationToken cancellationToken)
    {
        await _turn.TakeAsync(cancellationToken);
        try
        {
            return _session is { } session
                ? _session = await _store.TouchAsync(Claim(session), cancellationToken) ?? throw new SessionEndedException()
                : null;
        }
        finally
        {
            _turn.Give();
        }
    }

    /// <summary>Whether the store still holds the session of this call.</summary>
    internal async Task<bool> IsLiveAsync(CancellationToken cancellationToken) =>
        _session is { } session && await _store.TouchAsync(Claim(session), cancellationToken) is not null;

    /// <summary>Writes an entry if it is still at the expected version; opens the room where there is none.</summary>
    /// <returns>The entry that was written, or the one that was there first.</returns>
    internal async ValueTask<(bool Written, StateEntry Entry)> WriteAsync(StateWrite write, CancellationToken cancellationToken)
    {
        await _turn.TakeAsync(cancellationToken);
        try
        {
            if (_session is not { } session)
            {
                return (true, (await OpenAsync(write, cancellationToken)).FindState(write.Name));
            }

            var result = await _store.WriteStateAsync(Claim(session), write, cancellationToken);
            switch (result.Status)
            {
                case StateWriteStatus.Written or StateWriteStatus.Conflict:
                    _session = session.With(result.Entry!);
                    return (result.Status == StateWriteStatus.Written, result.Entry!);
                case StateWriteStatus.TooLarge:
                    throw new SessionStateTooLargeException(result.StateBytes, result.MaxStateBytes);
                default:
                    throw new SessionEndedException();
            }
        }
        finally
        {
            _turn.Give();
        }
    }

    private async Task<SessionRecord> OpenAsync(StateWrite write, CancellationToken cancellationToken)
    {
        var data = write.Data ?? throw new InvalidOperationException("Only a write of a value opens a room.");
        var creation = await _store.CreateAsync(
            new NewSession { Caller = Caller, Era = Era, State = [new(write.Name, data)] }, cancellationToken);
        var session = creation.Status switch
        {
            SessionCreationStatus.Created => creation.Session!,
            SessionCreationStatus.TenantLimitReached => throw new SessionLimitException(nameof(SessionOptions.MaxSessionsPerTenant), creation.Maximum),
            SessionCreationStatus.OwnerLimitReached => throw new SessionLimitException(nameof(SessionOptions.MaxSessionsPerOwner), creation.Maximum),
            SessionCreationStatus.StateTooLarge => throw new SessionStateTooLargeException(data.Length, creation.Maximum),
            SessionCreationStatus.InstanceStopping => throw new InstanceStoppingException(),
            _ => throw new InvalidOperationException($"A session without a client's profile was refused: {creation.Status}."),
        };
        _opened = true;
        return _session = session;
    }
}
