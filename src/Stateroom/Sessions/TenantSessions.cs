using System.Diagnostics.CodeAnalysis;
using Stateroom.Administration;
using Stateroom.Encryption;
using Stateroom.Limits;
using Stateroom.Tenancy;

namespace Stateroom.Sessions;

/// <summary>The sessions of one tenant in the in-process store, behind one lock: limits are exact and every write is atomic.</summary>
/// <remarks>
/// The lock is held for some hundred nanoseconds at a time and never across tenants. Anonymous callers have rooms of their own here,
/// so a credential that uses their names meets none of their sessions; among them an address stands for the owner, for limits alone.
/// </remarks>
internal sealed class TenantSessions(TenantRooms rooms, SessionOptions options, LimitsInForce limits, SessionClock clock)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, StoredSession> _sessions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OwnerSessions> _owners = new(StringComparer.Ordinal);

    // Each list is in the order in which its sessions expire, so that nothing is searched for what has expired.
    private readonly LinkedList<StoredSession> _byUse = new();
    private readonly LinkedList<StoredSession> _byAge = new();
    private List<SessionKey> _expired = [];
    private int _stateless;
    private bool _retired;

    /// <summary>Opens a session.</summary>
    /// <returns>Null if these rooms were given up because they stood empty: the caller takes new ones.</returns>
    public SessionCreation? Create(NewSession session)
    {
        lock (_lock)
        {
            if (_retired)
            {
                return null;
            }

            RemoveExpired();
            if (_sessions.Count >= limits.MaxSessionsPerTenant)
            {
                return new(SessionCreationStatus.TenantLimitReached, Maximum: limits.MaxSessionsPerTenant);
            }

            var owner = session.Caller.Party is { } party ? _owners.GetValueOrDefault(party) ?? new(party) : null;
            if (owner?.Sessions.Count >= limits.MaxSessionsPerOwner)
            {
                return new(SessionCreationStatus.OwnerLimitReached, Maximum: limits.MaxSessionsPerOwner);
            }

            return new(SessionCreationStatus.Created, Record(Add(session, owner), session.Caller.Owner));
        }
    }

    public SessionRecord? Touch(SessionClaim claim)
    {
        lock (_lock)
        {
            var now = clock.Ticks;
            if (!TryFind(claim, now, out var session))
            {
                return null;
            }

            Use(session, now);
            return Record(session, claim.Caller.Owner);
        }
    }

    /// <param name="claim">Who writes to which session.</param>
    /// <param name="write">What to write; its data belongs to the store from now on.</param>
    public StateWriteResult Write(SessionClaim claim, StateWrite write)
    {
        lock (_lock)
        {
            var now = clock.Ticks;
            if (!TryFind(claim, now, out var session))
            {
                return new(StateWriteStatus.NotFound);
            }

            var index = -1;
            long others = 0;
            for (var i = 0; i < session.State.Length; i++)
            {
                if (string.Equals(session.State[i].Name, write.Name, StringComparison.Ordinal))
                {
                    index = i;
                }
                else
                {
                    others += SealedContent.SizeOf(session.State[i].Data.Span);
                }
            }

            var current = index < 0 ? StateEntry.Absent(write.Name) : session.State[index];
            if (current.Version != write.ExpectedVersion)
            {
                return new(StateWriteStatus.Conflict, current);
            }

            if (write.Data is { } data)
            {
                var size = others + SealedContent.SizeOf(data.Span);
                if (size > limits.MaxStateBytes)
                {
                    return new(StateWriteStatus.TooLarge, StateBytes: size, MaxStateBytes: limits.MaxStateBytes);
                }

                current = new StateEntry(write.Name, ++session.Version, data);
                session.State = index < 0 ? session.State.Add(current) : session.State.SetItem(index, current);
            }
            else if (index >= 0)
            {
                session.Version++;
                session.State = session.State.RemoveAt(index);
                current = StateEntry.Absent(write.Name);
            }

            Use(session, now);
            return new(StateWriteStatus.Written, current);
        }
    }

    public bool End(SessionClaim claim)
    {
        lock (_lock)
        {
            if (!TryFind(claim, clock.Ticks, out var session))
            {
                return false;
            }

            Remove(session);
            return true;
        }
    }

    public bool Holds(string id)
    {
        lock (_lock)
        {
            return _sessions.ContainsKey(id);
        }
    }

    public IReadOnlyList<SessionRecord> List(Caller caller, SessionEra era)
    {
        lock (_lock)
        {
            if (rooms.IsAnonymous || !_owners.TryGetValue(caller.Owner, out var owner))
            {
                return [];
            }

            var now = clock.Ticks;
            return [.. owner.Sessions
                .Where(s => s.Era == era && s.Deadline > now)
                .OrderByDescending(s => s.CreatedAt)
                .Select(s => s.ToRecord(new(rooms.Tenant, s.Id), caller.Owner, withState: false))];
        }
    }

    /// <summary>How many live sessions there are of each era.</summary>
    public SessionCount Count()
    {
        lock (_lock)
        {
            RemoveExpired();
            return new(_sessions.Count - _stateless, _stateless);
        }
    }

    /// <summary>The ids of all sessions, or of an owner's.</summary>
    public IReadOnlyList<string> Ids(string? owner)
    {
        lock (_lock)
        {
            return owner is null ? [.. _sessions.Keys] : rooms.IsAnonymous ? [] : [.. _owners.GetValueOrDefault(owner)?.Sessions.Select(s => s.Id) ?? []];
        }
    }

    /// <summary>Looks at sessions without using them.</summary>
    /// <returns>Those that are alive, in the order of their ids.</returns>
    public IReadOnlyList<SessionSummary> Summarize(IReadOnlyList<string> ids)
    {
        lock (_lock)
        {
            var now = clock.Ticks;
            return [.. ids.Select(id => _sessions.GetValueOrDefault(id)).OfType<StoredSession>()
                .Where(s => s.Deadline > now)
                .Select(s => s.ToSummary(rooms, options))];
        }
    }

    /// <summary>Removes what has expired and gives the keys of all that expired since the last time.</summary>
    /// <returns>The keys, and whether these rooms stood empty and were given up.</returns>
    public (IReadOnlyList<SessionKey> Expired, bool Retired) Sweep()
    {
        lock (_lock)
        {
            RemoveExpired();
            var expired = _expired;
            _expired = [];
            _retired = _sessions.Count == 0;
            if (_sessions.Capacity > (4 * _sessions.Count) + 64)
            {
                _sessions.TrimExcess();
            }

            return (expired, _retired);
        }
    }

    private bool TryFind(SessionClaim claim, long now, [NotNullWhen(true)] out StoredSession? session) =>
        _sessions.TryGetValue(claim.Id, out session)
        && session.Era == claim.Era
        && session.Deadline > now
        && (rooms.IsAnonymous || string.Equals(session.Owner!.Name, claim.Caller.Owner, StringComparison.Ordinal));

    private StoredSession Add(NewSession session, OwnerSessions? owner)
    {
        var now = clock.Ticks;
        var endsAt = options.AbsoluteLifetime is { } lifetime ? now + lifetime.Ticks : long.MaxValue;
        var stored = new StoredSession(session, owner, clock.UtcNow, endsAt);
        if (!_sessions.TryAdd(session.Id, stored))
        {
            throw new ArgumentException("There is a session with this id already. Let SessionId.New draw ids.", nameof(session));
        }

        _stateless += StatelessWeight(stored);
        if (owner is not null)
        {
            owner.Add(stored);
            _owners[owner.Name] = owner;
        }

        _byUse.AddLast(stored.ByUse);
        if (endsAt != long.MaxValue)
        {
            stored.ByAge = _byAge.AddLast(stored);
        }

        Use(stored, now);
        return stored;
    }

    private void Use(StoredSession session, long now)
    {
        session.Use(clock.UtcNow, now + options.IdleTimeout.Ticks);
        _byUse.Remove(session.ByUse);
        _byUse.AddLast(session.ByUse);
    }

    private void RemoveExpired()
    {
        var now = clock.Ticks;
        while (_byUse.First is { Value: var unused } && unused.Deadline <= now)
        {
            _expired.Add(new(rooms.Tenant, unused.Id));
            Remove(unused);
        }

        while (_byAge.First is { Value: var oldest } && oldest.Deadline <= now)
        {
            _expired.Add(new(rooms.Tenant, oldest.Id));
            Remove(oldest);
        }
    }

    private void Remove(StoredSession session)
    {
        _sessions.Remove(session.Id);
        _stateless -= StatelessWeight(session);
        _byUse.Remove(session.ByUse);
        if (session.ByAge is not null)
        {
            _byAge.Remove(session.ByAge);
        }

        if (session.Owner is { } owner)
        {
            owner.Remove(session);
            if (owner.Sessions.Count == 0)
            {
                _owners.Remove(owner.Name);
            }
        }
    }

    private static int StatelessWeight(StoredSession session) => session.Era == SessionEra.Stateless ? 1 : 0;

    private SessionRecord Record(StoredSession session, string owner) => session.ToRecord(new(rooms.Tenant, session.Id), owner);
}
