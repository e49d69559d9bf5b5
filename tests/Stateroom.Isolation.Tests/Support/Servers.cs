namespace Stateroom.Isolation.Tests.Support;

/// <summary>The servers that the tests of one kind of store talk to: the weather server, and one with tools that hold calls. Shared by all tests of that store.</summary>
public abstract class Servers : IAsyncLifetime
{
    /// <summary>An id as a server would draw it, which none has.</summary>
    public static readonly string Never = new('A', 32);

    private static readonly string[] _settings =
    [
        "--Stateroom:MaxSessionsPerOwner=20000",
        "--Stateroom:MaxSessionsPerTenant=50000",
        "--Redis:CallTimeout=00:00:05",
    ];

    /// <summary>The weather server: one instance with its store in its process, or two on one Redis.</summary>
    public Cluster Weather { get; private set; } = null!;

    /// <summary>The server whose tools are probes. Its callers name themselves: <c>tenant/owner</c>.</summary>
    public Cluster Probe { get; private set; } = null!;

    /// <summary>Starts servers of this kind of store with settings of their own.</summary>
    public abstract Task<Cluster> StartAsync(string program, params string[] settings);

    public async ValueTask InitializeAsync()
    {
        Weather = await StartAsync(Cluster.Weather, _settings[..2]);
        Probe = await StartAsync(Cluster.Probe, _settings);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var cluster in (Cluster?[])[Weather, Probe])
        {
            if (cluster is not null)
            {
                await cluster.DisposeAsync();
            }
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>A client of the first instance.</summary>
    public RawClient Here(string key = "acme-alice") => Here(Weather, key);

    /// <summary>A client of the last instance, which is the first where there is one alone.</summary>
    public RawClient There(string key = "acme-alice", string? session = null) => There(Weather, key, session);

    public static RawClient Here(Cluster cluster, string key = "acme-alice", string? session = null) => new(cluster.A.Endpoint, key) { SessionId = session };

    public static RawClient There(Cluster cluster, string key = "acme-alice", string? session = null) => new(cluster.Instances[^1].Endpoint, key) { SessionId = session };
}

/// <summary>One instance, with its store in its process.</summary>
public sealed class InProcess : Servers
{
    public override Task<Cluster> StartAsync(string program, params string[] settings) => Cluster.StartAloneAsync(program, settings);
}

/// <summary>Two instances on one Redis.</summary>
public sealed class OnRedis : Servers
{
    public override Task<Cluster> StartAsync(string program, params string[] settings) => Cluster.StartAsync(program, instances: 2, arguments: settings);
}

[CollectionDefinition(nameof(InProcess))]
public sealed class SharedInProcess : ICollectionFixture<InProcess>;

[CollectionDefinition(nameof(OnRedis))]
public sealed class SharedOnRedis : ICollectionFixture<OnRedis>;
