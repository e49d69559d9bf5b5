using System.Collections.Immutable;
using Stateroom.Administration;
using Stateroom.Tenancy;

namespace Stateroom.Sessions;

/// <summary>A session in the in-process store. Kept small: there may be a million. Guarded by the lock of its <see cref="TenantSessions"/>.</summary>
internal sealed class StoredSession
{
    private readonly long _createdAt;
    private long _lastActiveAt;

    public StoredSession(NewSession session, OwnerSessions? owner, DateTimeOffset now, long endsAt)
    {
        Id = session.Id;
        Owner = owner;
        Era = session.Era;
        Client = session.Client.ToArray();
        EndsAt = endsAt;
        _createdAt = now.UtcTicks;
        ByUse = new(this);
        State = [.. session.State.Select(s => new StateEntry(s.Key, 1, s.Value.ToArray()))];
        Version = 1;
    }

    public string Id { get; }

    /// <summary>Among whose sessions it counts: its owner's or, as nobody in particular owns that of an anonymous caller, those opened from one address; null where that is not known.</summary>
    public OwnerSessions? Owner { get; }

    public SessionEra Era { get; }

    public byte[] Client { get; }

    /// <summary>When the session ends however much it is used, by <see cref="SessionClock.Ticks"/>.</summary>
    public long EndsAt { get; }

    /// <summary>When the session is over unless it is used again, by <see cref="SessionClock.Ticks"/>.</summary>
    public long Deadline { get; private set; }

    /// <summary>Counts the writes; never goes back, also when entries come and go.</summary>
    public long Version { get; set; }

    public ImmutableArray<StateEntry> State { get; set; }

    /// <summary>Its place among the tenant's sessions, the longest unused first.</summary>
    public LinkedListNode<StoredSession> ByUse { get; }

    /// <summary>Its place among the tenant's sessions, the oldest first; null where age ends no session.</summary>
    public LinkedListNode<StoredSession>? ByAge { get; set; }

    /// <summary>Its place in <see cref="OwnerSessions"/>.</summary>
    public int OwnerIndex { get; set; }

    public DateTimeOffset CreatedAt => new(_createdAt, TimeSpan.Zero);

    public void Use(DateTimeOffset now, long deadline)
    {
        _lastActiveAt = now.UtcTicks;
        Deadline = Math.Min(deadline, EndsAt);
    }

    public SessionRecord ToRecord(SessionKey key, string owner, bool withState = true) => new()
    {
        Key = key,
        Owner = owner,
        Era = Era,
        CreatedAt = CreatedAt,
        LastActiveAt = new(_lastActiveAt, TimeSpan.Zero),
        Client = Client,
        State = withState ? State : [],
    };

    public SessionSummary ToSummary(TenantRooms rooms, SessionOptions options) => new()
    {
        Key = new(rooms.Tenant, Id),
        Caller = rooms.IsAnonymous ? Caller.Anonymous : new(rooms.Tenant, Owner!.Name),
        Era = Era,
        CreatedAt = CreatedAt,
        LastActiveAt = new(_lastActiveAt, TimeSpan.Zero),
        ExpiresAt = ExpiresAt(options),
        Client = Client,
        StateBytes = State.Sum(s => (long)s.Data.Length),
    };

    /// <summary>The deadline by the wall clock, for people to read.</summary>
    private DateTimeOffset ExpiresAt(SessionOptions options)
    {
        var idle = new DateTimeOffset(_lastActiveAt, TimeSpan.Zero) + options.IdleTimeout;
        return options.AbsoluteLifetime is { } lifetime && CreatedAt + lifetime < idle ? CreatedAt + lifetime : idle;
    }
}
