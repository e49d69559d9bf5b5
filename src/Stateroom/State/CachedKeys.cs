using System.Runtime.InteropServices;
using Stateroom.Sessions;

namespace Stateroom.State;

/// <summary>Which keys of the cache belong to which session. Bounded: by a number for each session, and keys whose time is over are forgotten.</summary>
internal sealed class CachedKeys(SessionClock clock)
{
    internal const int MaxPerSession = 256;

    // Of a key that a client made as long as a body may be nothing is kept that is as long, nor is it gone through under the lock.
    private const int MaxLength = 256;

    private readonly Lock _lock = new();
    private readonly Dictionary<SessionKey, Dictionary<string, CachedKey>> _sessions = [];
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
    /// <param name="session">The session.</param>
    /// <param name="key">The key.</param>
    /// <param name="lifetime">How long that is.</param>
    /// <param name="superfluous">What has to go to make room; null for nothing.</param>
    public CachedKey Add(SessionKey session, string key, TimeSpan lifetime, out CachedKey? superfluous)
    {
        var name = NameOf(session, key);
        lock (_lock)
        {
            superfluous = null;
            Prune();
            var keys = CollectionsMarshal.GetValueRefOrAddDefault(_sessions, session, out _) ??= new(StringComparer.Ordinal);
            ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(keys, name, out var isKnown);
            var cached = known ??= new(ReferenceEquals(name, key) ? CachedKey.EntryOf(session, key) : name);
            cached.Expires = Math.Max(cached.Expires, clock.Ticks + lifetime.Ticks);
            if (!isKnown)
            {
                _count++;
                if (keys.Count > MaxPerSession)
                {
                    superfluous = Remove(keys, keys.Where(k => k.Value != cached).MinBy(k => k.Value.Expires).Key);
                }
            }

            return cached;
        }
    }

    /// <summary>Forgets a key.</summary>
    public void Remove(SessionKey session, string key)
    {
        var name = NameOf(session, key);
        lock (_lock)
        {
            if (_sessions.TryGetValue(session, out var keys) && Remove(keys, name) is not null && keys.Count == 0)
            {
                _sessions.Remove(session);
            }
        }
    }

    /// <summary>Forgets a session.</summary>
    /// <returns>The keys that it had.</returns>
    public IReadOnlyCollection<CachedKey> Remove(SessionKey session)
    {
        lock (_lock)
        {
            if (!_sessions.Remove(session, out var keys))
            {
                return [];
            }

            _count -= keys.Count;
            foreach (var key in keys.Values)
            {
                key.Forget();
            }

            return keys.Values;
        }
    }

    /// <summary>What a key goes by here: itself, or if it is long what its entry is called.</summary>
    private static string NameOf(SessionKey session, string key) => key.Length <= MaxLength ? key : CachedKey.EntryOf(session, key);

    private CachedKey? Remove(Dictionary<string, CachedKey> keys, string name)
    {
        if (keys.Remove(name, out var removed))
        {
            removed.Forget();
            _count--;
        }

        return removed;
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
            foreach (var (name, cached) in keys)
            {
                if (cached.Expires <= now)
                {
                    Remove(keys, name);
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
