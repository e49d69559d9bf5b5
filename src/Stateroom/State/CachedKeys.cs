using System.Runtime.InteropServices;
using Stateroom.Sessions;

namespace Stateroom.State;

/// <summary>Which keys of the cache belong to which session. Bounded: by a number for each session, and keys whose time is over are forgotten.</summary>
internal sealed class CachedKeys(SessionClock clock)
{
    internal const int MaxPerSession = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<SessionKey, Dictionary<string, long>> _sessions = [];
    private int _count;
    private int _countToPruneAt = 1024;

    /// <summary>How many keys are known.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _count;
            }
        }
    }

    /// <summary>Remembers a key for as long as its entry may live.</summary>
    /// <returns>The key of an entry that has to go to make room; null for none.</returns>
    public string? Add(SessionKey session, string key, TimeSpan lifetime)
    {
        lock (_lock)
        {
            Prune();
            var keys = CollectionsMarshal.GetValueRefOrAddDefault(_sessions, session, out _) ??= new(StringComparer.Ordinal);
            ref var expires = ref CollectionsMarshal.GetValueRefOrAddDefault(keys, key, out var known);
            expires = Math.Max(expires, clock.Ticks + lifetime.Ticks);
            if (known)
            {
                return null;
            }

            _count++;
            if (keys.Count <= MaxPerSession)
            {
                return null;
            }

            var first = keys.Where(k => k.Key != key).MinBy(k => k.Value).Key;
            keys.Remove(first);
            _count--;
            return first;
        }
    }

    public bool Contains(SessionKey session, string key)
    {
        lock (_lock)
        {
            return _sessions.TryGetValue(session, out var keys) && keys.ContainsKey(key);
        }
    }

    public void Remove(SessionKey session, string key)
    {
        lock (_lock)
        {
            if (_sessions.TryGetValue(session, out var keys) && keys.Remove(key))
            {
                _count--;
                if (keys.Count == 0)
                {
                    _sessions.Remove(session);
                }
            }
        }
    }

    /// <summary>Forgets a session.</summary>
    /// <returns>The keys that it had.</returns>
    public IReadOnlyCollection<string> Remove(SessionKey session)
    {
        lock (_lock)
        {
            if (!_sessions.Remove(session, out var keys))
            {
                return [];
            }

            _count -= keys.Count;
            return keys.Keys;
        }
    }

    /// <summary>Looks for keys to forget each time that their number has doubled, which costs every key little.</summary>
    private void Prune()
    {
        if (_count < _countToPruneAt)
        {
            return;
        }

        var now = clock.Ticks;
        foreach (var (session, keys) in _sessions)
        {
            foreach (var (key, expires) in keys)
            {
                if (expires <= now)
                {
                    keys.Remove(key);
                    _count--;
                }
            }

            if (keys.Count == 0)
            {
                _sessions.Remove(session);
            }
        }

        _countToPruneAt = Math.Max(1024, 2 * _count);
    }
}
