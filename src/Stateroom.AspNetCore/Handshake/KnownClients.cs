using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Logging;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>
/// The kinds of clients that this instance has served lately. Sessions of equal clients of one tenant share warm servers, one exchange at a time:
/// raising one costs more than most tools do. Bounded, and gone after a minute without use: nothing of a session is in here.
/// </summary>
internal sealed class KnownClients(HandshakeServerOptions options, ILoggerFactory loggers, IServiceProvider services) : IDisposable
{
    private const int MaxKinds = 64;
    private static readonly TimeSpan _idle = TimeSpan.FromMinutes(1);

    private readonly MemoryCache _kinds = new(new MemoryCacheOptions { SizeLimit = MaxKinds });

    /// <summary>Finds the kind of a client.</summary>
    /// <param name="tenant">Whose client it is: tenants share nothing, not even this.</param>
    /// <param name="stored">The profile as it is stored with the session.</param>
    /// <exception cref="Sessions.SessionStoreUnavailableException">A newer version of the program stored it.</exception>
    public KnownClient Find(TenantId tenant, ReadOnlyMemory<byte> stored) =>
        _kinds.TryGetValue(new Key(tenant, stored), out KnownClient? known) ? known! : Add(tenant, stored);

    public void Dispose() => _kinds.Dispose();

    private KnownClient Add(TenantId tenant, ReadOnlyMemory<byte> stored)
    {
        var profile = ClientProfile.Parse(stored);
        var client = new KnownClient(profile, options.For(profile), new WarmServers(Raise), () => Raise(home: null));
        var entry = new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = _idle };
        entry.RegisterPostEvictionCallback(static (_, value, _, _) => ((KnownClient)value!).Servers.Dispose());

        // The store may use its buffer again.
        return _kinds.Set(new Key(tenant, stored.ToArray()), client, entry);

        RaisedServer Raise(WarmServers? home) => RaisedServer.Raise(options.For(profile), loggers, services, home);
    }

    /// <summary>A stored profile, equal to another by its bytes: its hash alone could be made to meet another client's.</summary>
    private sealed record Key(TenantId Tenant, ReadOnlyMemory<byte> Stored)
    {
        public bool Equals(Key? other) => other is not null && Tenant == other.Tenant && Stored.Span.SequenceEqual(other.Stored.Span);

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(Tenant);
            hash.AddBytes(Stored.Span);
            return hash.ToHashCode();
        }
    }
}
