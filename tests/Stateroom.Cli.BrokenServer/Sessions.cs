using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Stateroom.Cli.BrokenServer;

/// <summary>Opens, finds, changes and ends sessions, rightly but for one fault.</summary>
internal sealed class Sessions(Fault fault, TimeSpan idleTimeout, TimeProvider time)
{
    /// <summary>It does not say whose places.</summary>
    private const string CacheKey = "places";

    /// <summary>What is wrong with a read-modify-write shows when another comes in between, so it waits for one.</summary>
    private static readonly TimeSpan _gap = TimeSpan.FromMilliseconds(30);

    private readonly ConcurrentDictionary<string, Session> _sessions = new();
    private readonly Session _common = new("", "", 0);
    private readonly ConcurrentDictionary<string, Room> _cache = new();
    private int _last;

    public Session Open(string owner)
    {
        var id = fault is Fault.SequentialIds ? $"session-{Interlocked.Increment(ref _last)}" : Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        return _sessions[id] = new Session(id, owner, time.GetTimestamp());
    }

    /// <summary>Finds a session for a caller; null if there is none that is the caller's.</summary>
    public Session? Find(string id, string owner)
    {
        if (!_sessions.TryGetValue(id, out var session)
            || session.HasEnded(session.NextInstance())
            || (session.Owner != owner && fault is not Fault.OwnerNotChecked)
            || time.GetElapsedTime(session.LastUsed) > idleTimeout)
        {
            return null;
        }

        if (fault is not Fault.IdleNeverSlides)
        {
            session.LastUsed = time.GetTimestamp();
        }

        return session;
    }

    public bool End(string id, string owner)
    {
        if (Find(id, owner) is not { } session)
        {
            return false;
        }

        if (fault is Fault.EndsAtOneInstance)
        {
            session.EndAt(0);
        }
        else
        {
            session.EndEverywhere();
        }

        return true;
    }

    public Room Read(Session session) => Holder(session).Room;

    /// <summary>Reads by way of the shared cache where that is the fault.</summary>
    public Room ReadCached(Session session) => fault is Fault.SharedCacheKey ? _cache.GetOrAdd(CacheKey, _ => session.Room) : Read(session);

    /// <summary>Changes what a session remembers.</summary>
    /// <returns>What it remembers then; null if it has ended.</returns>
    public async Task<Room?> UpdateAsync(Session session, Func<Room, Room> change, CancellationToken cancellationToken)
    {
        var holder = Holder(session);
        while (true)
        {
            var read = holder.Room;
            var changed = change(read);
            if (fault is Fault.BlindWrite or Fault.LateWriteRevives)
            {
                await Task.Delay(_gap, time, cancellationToken);
            }

            if (fault is Fault.BlindWrite)
            {
                holder.Overwrite(changed);
            }
            else if (!holder.TryReplace(read, changed))
            {
                continue;
            }

            if (fault is Fault.LateWriteRevives)
            {
                session.Revive();
            }

            _cache.TryRemove(CacheKey, out _);
            return session.HasEnded(0) && session.HasEnded(1) ? null : changed;
        }
    }

    private Session Holder(Session session) => fault is Fault.StaticState ? _common : session;
}
