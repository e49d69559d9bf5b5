using System.Collections.Immutable;
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

    // As this call knows it by now, which may be newer than what the record holds.
    private ImmutableArray<StateEntry> _state = [];
    private volatile bool _opened;

    internal SessionContext(ISessionStore store, Caller caller, SessionEra era, SessionRecord? session)
    {
        _store = store;
        Caller = caller;
        Era = era;
        if (session is not null)
        {
            Enter(session);
        }
    }

    /// <summary>Who calls.</summary>
    public Caller Caller { get; }

    /// <summary>The era of the call.</summary>
    public SessionEra Era { get; }

    /// <summary>The session as this call knows it; null while a stateless-era call has no room.</summary>
    public SessionRecord? Session => _session is { } session && session.State != _state ? session with { State = _state } : _session;

    /// <summary>Whether this call opened the room.</summary>
    public bool Opened => _opened;

    internal SessionClaim Claim(SessionRecord session) => new(Caller, session.Key.Id, Era);

    /// <summary>An entry of the state as this call knows it.</summary>
    /// <returns>The entry, or one that does not exist.</returns>
    internal StateEntry FindState(string name) => _state.Find(name);

    /// <summary>Gives the call the room that it named, or the same as it is by now.</summary>
    internal void Enter(SessionRecord session)
    {
        _state = session.State;
        _session = session;
    }

    /// <summary>Reads the state anew.</summary>
    internal async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await _turn.TakeAsync(cancellationToken);
        try
        {
            if (_session is { } session)
            {
                Enter(await _store.TouchAsync(Claim(session), cancellationToken) ?? throw new SessionEndedException());
            }
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
                await OpenAsync(write, cancellationToken);
                return (true, FindState(write.Name));
            }

            var result = await _store.WriteStateAsync(Claim(session), write, cancellationToken);
            switch (result.Status)
            {
                case StateWriteStatus.Written or StateWriteStatus.Conflict:
                    _state = _state.With(result.Entry!);
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

    private async Task OpenAsync(StateWrite write, CancellationToken cancellationToken)
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
        Enter(session);
    }
}
