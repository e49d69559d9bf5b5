using Stateroom.Administration;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.Tests.Sessions;

/// <summary>What a session store means, said as simply as possible: one list, searched from end to end.</summary>
internal sealed class SessionStoreModel(SessionOptions options)
{
    private readonly List<Room> _rooms = [];

    public TimeSpan Now { get; set; }

    public SessionCreationStatus Create(string id, Caller caller, SessionEra era, int bytes)
    {
        if (bytes > options.MaxStateBytes)
        {
            return SessionCreationStatus.StateTooLarge;
        }

        if (_rooms.Count(r => Live(r) && r.Caller.Tenant == caller.Tenant && r.Caller.IsAnonymous == caller.IsAnonymous) >= options.MaxSessionsPerTenant)
        {
            return SessionCreationStatus.TenantLimitReached;
        }

        if (!caller.IsAnonymous && _rooms.Count(r => Live(r) && r.Caller == caller) >= options.MaxSessionsPerOwner)
        {
            return SessionCreationStatus.OwnerLimitReached;
        }

        _rooms.Add(new(id, caller, era, Now) { LastActive = Now, State = { ["a"] = (1, bytes) } });
        return SessionCreationStatus.Created;
    }

    public string? Touch(SessionClaim claim)
    {
        if (Find(claim) is not { } room)
        {
            return null;
        }

        room.LastActive = Now;
        return Describe(room.Created, room.LastActive, room.State.Select(s => (s.Key, s.Value.Version, s.Value.Bytes)));
    }

    public (StateWriteStatus Status, long Version, long Bytes) Write(SessionClaim claim, string name, long expected, int? bytes)
    {
        if (Find(claim) is not { } room)
        {
            return (StateWriteStatus.NotFound, 0, 0);
        }

        var current = room.State.GetValueOrDefault(name);
        if (current.Version != expected)
        {
            return (StateWriteStatus.Conflict, current.Version, 0);
        }

        var total = room.State.Values.Sum(s => (long)s.Bytes) - current.Bytes + (bytes ?? 0);
        if (bytes is not null && total > options.MaxStateBytes)
        {
            return (StateWriteStatus.TooLarge, 0, total);
        }

        room.LastActive = Now;
        if (bytes is { } length)
        {
            room.State[name] = (++room.Version, length);
            return (StateWriteStatus.Written, room.Version, 0);
        }

        if (room.State.Remove(name))
        {
            room.Version++;
        }

        return (StateWriteStatus.Written, 0, 0);
    }

    public bool End(SessionClaim claim) => Find(claim) is { } room && _rooms.Remove(room);

    public IEnumerable<string> List(Caller caller, SessionEra era) =>
        _rooms.Where(r => !caller.IsAnonymous && Live(r) && r.Caller == caller && r.Era == era).Select(r => r.Id).Order(StringComparer.Ordinal);

    public SessionCount Count(Caller caller)
    {
        var rooms = _rooms.Where(r => Live(r) && r.Caller.Tenant == caller.Tenant && r.Caller.IsAnonymous == caller.IsAnonymous).ToList();
        return new(rooms.Count(r => r.Era == SessionEra.Handshake), rooms.Count(r => r.Era == SessionEra.Stateless));
    }

    public IEnumerable<string> Sweep()
    {
        var expired = _rooms.Where(r => !Live(r)).ToList();
        _rooms.RemoveAll(expired.Contains);
        return expired.Select(r => r.Id).Order(StringComparer.Ordinal);
    }

    public static string Describe(TimeSpan created, TimeSpan lastActive, IEnumerable<(string Name, long Version, int Bytes)> state) =>
        $"{created} {lastActive} {string.Join(' ', state.OrderBy(s => s.Name, StringComparer.Ordinal))}";

    private bool Live(Room room) =>
        Now < room.LastActive + options.IdleTimeout && (options.AbsoluteLifetime is not { } lifetime || Now < room.Created + lifetime);

    private Room? Find(SessionClaim claim) => _rooms.Find(r => Live(r) && r.Id == claim.Id && r.Caller == claim.Caller && r.Era == claim.Era);

    private sealed class Room(string id, Caller caller, SessionEra era, TimeSpan created)
    {
        public string Id { get; } = id;

        public Caller Caller { get; } = caller;

        public SessionEra Era { get; } = era;

        public TimeSpan Created { get; } = created;

        public TimeSpan LastActive { get; set; }

        public long Version { get; set; } = 1;

        public Dictionary<string, (long Version, int Bytes)> State { get; } = new(StringComparer.Ordinal);
    }
}
