using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.Extensions.Caching.Hybrid;
using Stateroom.Messaging;
using Stateroom.Sessions;

namespace Stateroom.State;

/// <summary>Caches for the session of the call in the <see cref="HybridCache"/> of the host.</summary>
/// <remarks>Not by tags: the cache remembers a tag that was removed for ever, and there is one session after the other.</remarks>
internal sealed class SessionCache : ISessionCache, IDisposable
{
    // The number is the version of the key's form; a distributed cache may hold entries of another version of the program.
    private const string Prefix = "stateroom:2:";
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
        var entry = EntryKey(session, key);
        if (_keys.Add(session, entry, lifetime) is { } superfluous)
        {
            await _cache.RemoveAsync(superfluous, cancellationToken);
        }

        var making = new Making<T>(factory);
        try
        {
            return await _cache.GetOrCreateAsync(entry, making, Making<T>.Run, OptionsFor(lifetime), cancellationToken: cancellationToken);
        }
        finally
        {
            // The key was removed while the value was made, or the session ended: meanwhile or, for a call that outlives its session, long ago.
            if (!_keys.Contains(session, entry) || (making.Begun && !await IsLiveAsync(context)))
            {
                _keys.Remove(session, entry);
                await _cache.RemoveAsync(entry, CancellationToken.None);
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
            var entry = EntryKey(session, key);
            _keys.Remove(session, entry);
            await _cache.RemoveAsync(entry, cancellationToken);
        }
    }

    /// <summary>A hash, so that neither the length nor the characters of a name matter, and no id of a session is found in a cache.</summary>
    private static string EntryKey(SessionKey session, string key)
    {
        // With the lengths in front, no two of them run into the same text.
        Span<char> room = stackalloc char[256];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        ReadOnlySpan<char> text = room.TryWrite(CultureInfo.InvariantCulture, $"{session.Tenant.Value.Length}:{session.Id.Length}:{session.Tenant.Value}{session.Id}{key}", out var length)
            ? room[..length]
            : string.Create(CultureInfo.InvariantCulture, $"{session.Tenant.Value.Length}:{session.Id.Length}:{session.Tenant.Value}{session.Id}{key}");
        SHA256.HashData(MemoryMarshal.AsBytes(text), hash);
        return string.Concat(Prefix, Base64Url.EncodeToString(hash[..16]));
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
            foreach (var entry in _keys.Remove(session))
            {
                await _cache.RemoveAsync(entry, cancellationToken);
            }
        }
    }
}
