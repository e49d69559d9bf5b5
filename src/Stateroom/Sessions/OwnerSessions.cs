namespace Stateroom.Sessions;

/// <summary>The sessions of one owner, or of one address of anonymous callers, in the in-process store. Guarded by the lock of its <see cref="TenantSessions"/>.</summary>
internal sealed class OwnerSessions(string name)
{
    private readonly List<StoredSession> _sessions = [];

    public string Name { get; } = name;

    public IReadOnlyList<StoredSession> Sessions => _sessions;

    public void Add(StoredSession session)
    {
        session.OwnerIndex = _sessions.Count;
        _sessions.Add(session);
    }

    /// <summary>Takes a session out by putting the last one in its place.</summary>
    public void Remove(StoredSession session)
    {
        var last = _sessions[^1];
        _sessions[session.OwnerIndex] = last;
        last.OwnerIndex = session.OwnerIndex;
        _sessions.RemoveAt(_sessions.Count - 1);
    }
}
