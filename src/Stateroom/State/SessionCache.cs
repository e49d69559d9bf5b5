using Microsoft.Extensions.Caching.Hybrid;
using Stateroom.Messaging;
using Stateroom.Sessions;

namespace Stateroom.State;

/// <summary>Caches for the session of the call in the <see cref="HybridCache"/> of the host.</summary>
/// <remarks>Not by tags: the cache remembers a tag that was removed for ever, and there is one session after the other.</remarks>
internal sealed class SessionCache : ISessionCache, IDisposable
{
    private static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(365);

    private readonly ISessionAccessor _accessor;
    private readonly HybridCache _cache;
    private readonly CachedKeys _keys;
    private readonly IDisposable _subscription;
    private HybridCacheEntryOptions? _options;

    public SessionCache(ISessionAccessor accessor, HybridCache cache, ISessionBackplane backplane, TimeProvider time)
    {
        _accessor = accessor;
        _cache = cache;
        _keys = new(new(time));
        _subscription = backplane.Subscribe(OnSignalAsync);
    }

    private SessionContext Context => _accessor.Current
        ?? throw new InvalidOperationException("There is no session here: this code runs outside an MCP request. Use the session cache inside tools, prompts and resources.");

    public void Dispose() => _subscription.Dispose();

    public async ValueTask<T> GetOrCreateAsync<T>(
        string key, Func<CancellationToken, ValueTask<T>> factory, TimeSpan lifetime, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(factory);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
        var context = Context;
        if (context.Session is not { Key: var session })
        {
            return await factory(cancellationToken);
        }

        lifetime = lifetime < MaxLifetime ? lifetime : MaxLifetime;
        var cached = _keys.Add(session, key, lifetime, out var superfluous);
        if (superfluous is not null)
        {
            await _cache.RemoveAsync(superfluous.Entry, cancellationToken);
        }

        var making = new Making<T>(factory);
        try
        {
            return await _cache.GetOrCreateAsync(cached.Entry, making, Making<T>.Run, OptionsFor(lifetime), cancellationToken: cancellationToken);
        }
        finally
        {
            // The key was removed while the value was made, or the session ended: meanwhile or, for a call that outlives its session, long ago.
            if (cached.IsGone || (making.Begun && !await IsLiveAsync(context)))
            {
                _keys.Remove(session, key);
                await _cache.RemoveAsync(cached.Entry, CancellationToken.None);
            }
        }
    }

    /// <summary>Asked after the key was noted, so that an ending that comes later finds it.</summary>
    private static async Task<bool> IsLiveAsync(SessionContext context)
    {
        try
        {
            return await context.IsLiveAsync(CancellationToken.None);
        }
        catch (SessionStoreUnavailableException)
        {
            return false;
        }
    }

    public async ValueTask RemoveAsync(string key, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (Context.Session is { Key: var session })
        {
            _keys.Remove(session, key);
            await _cache.RemoveAsync(CachedKey.EntryOf(session, key), cancellationToken);
        }
    }

    /// <summary>Most entries of a program have one lifetime or another, and the next call's is the last one's.</summary>
    private HybridCacheEntryOptions OptionsFor(TimeSpan lifetime) => _options is { } known && known.Expiration == lifetime
        ? known
        : _options = new HybridCacheEntryOptions { Expiration = lifetime, LocalCacheExpiration = lifetime };

    /// <summary>The making of a value, and whether it came to that.</summary>
    private sealed class Making<T>(Func<CancellationToken, ValueTask<T>> factory)
    {
        public static readonly Func<Making<T>, CancellationToken, ValueTask<T>> Run = static (making, token) =>
        {
            making.Begun = true;
            return making._factory(token);
        };

        private readonly Func<CancellationToken, ValueTask<T>> _factory = factory;

        public bool Begun { get; private set; }
    }

    private async ValueTask OnSignalAsync(SessionSignal signal, CancellationToken cancellationToken)
    {
        if (signal is SessionSignal.Ended { Session: var session })
        {
            foreach (var cached in _keys.Remove(session))
            {
                await _cache.RemoveAsync(cached.Entry, cancellationToken);
            }
        }
    }
}
