using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.State;

/// <summary>The session of one call: its room, or the right to open one with the first write.</summary>
public sealed class SessionContext
{
    private readonly ISessionStore _store;
    private readonly SessionOptions _options;
    private readonly Lock _lock = new();
    private volatile SessionRecord? _session;
    private Task<SessionRecord>? _opening;

    internal SessionContext(ISessionStore store, SessionOptions options, Caller caller, SessionEra era, SessionRecord? session)
    {
        _store = store;
        _options = options;
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
    public bool Opened { get; private set; }

    internal SessionClaim Claim(SessionRecord session) => new(Caller, session.Key.Id, Era);

    /// <summary>Gives the call the room that it named.</summary>
    internal void Enter(SessionRecord session) => _session = session;

    internal async Task<SessionRecord?> RefreshAsync(CancellationToken cancellationToken)
    {
        if (_session is not { } session)
        {
            return null;
        }

        return _session = await _store.TouchAsync(Claim(session), cancellationToken) ?? throw new SessionEndedException();
    }

    /// <summary>Writes an entry if it is still at the expected version; opens the room where there is none.</summary>
    /// <returns>The entry that was written, or the one that was there first.</returns>
    internal async Task<(bool Written, StateEntry Entry)> WriteAsync(StateWrite write, CancellationToken cancellationToken)
    {
        if (_session is not { } session)
        {
            var (first, opening) = BeginOpening(write, cancellationToken);
            session = await opening;
            if (first)
            {
                return (true, session.FindState(write.Name));
            }
        }

        var result = await _store.WriteStateAsync(Claim(session), write, cancellationToken);
        switch (result.Status)
        {
            case StateWriteStatus.Written or StateWriteStatus.Conflict:
                lock (_lock)
                {
                    _session = _session!.With(result.Entry!);
                }

                return (result.Status == StateWriteStatus.Written, result.Entry!);
            case StateWriteStatus.TooLarge:
                throw new SessionStateTooLargeException(result.StateBytes, _options.MaxStateBytes);
            default:
                throw new SessionEndedException();
        }
    }

    /// <summary>Writes of one call that run in parallel open one room between them; the first one's value comes with it.</summary>
    private (bool First, Task<SessionRecord> Opening) BeginOpening(StateWrite write, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_opening is { IsFaulted: false, IsCanceled: false })
            {
                return (false, _opening);
            }

            return (true, _opening = OpenAsync(write, cancellationToken));
        }
    }

    private async Task<SessionRecord> OpenAsync(StateWrite write, CancellationToken cancellationToken)
    {
        var data = write.Data ?? throw new InvalidOperationException("Only a write of a value opens a room.");
        var creation = await _store.CreateAsync(
            new NewSession { Caller = Caller, Era = Era, State = [new(write.Name, data)] }, cancellationToken);
        _session = creation.Status switch
        {
            SessionCreationStatus.Created => creation.Session!,
            SessionCreationStatus.TenantLimitReached => throw new SessionLimitException(nameof(SessionOptions.MaxSessionsPerTenant), _options.MaxSessionsPerTenant),
            SessionCreationStatus.OwnerLimitReached => throw new SessionLimitException(nameof(SessionOptions.MaxSessionsPerOwner), _options.MaxSessionsPerOwner),
            _ => throw new SessionStateTooLargeException(data.Length, _options.MaxStateBytes),
        };
        Opened = true;
        return _session;
    }
}
