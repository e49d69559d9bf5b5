using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.Benchmarks;

/// <summary>What it costs to read and to write a session by the size of its state, in process and in Redis.</summary>
[MemoryDiagnoser]
public class StateSizeBenchmarks
{
    private static readonly Caller _caller = new(new TenantId("acme"), "alice");

    private ReadOnlyMemory<byte> _state;
    private RedisServer? _redis;
    private ServiceProvider? _services;
    private ISessionStore _store = null!;
    private SessionClaim _claim;
    private long _version;

    /// <summary>How large the state is.</summary>
    [Params(100, 1_000, 10_000, 100_000, 262_144)]
    public int Bytes { get; set; }

    /// <summary>Where it is.</summary>
    [Params("process", "redis")]
    public string Store { get; set; } = "process";

    /// <summary>Opens a session.</summary>
    [GlobalSetup]
    public async Task OpenAsync()
    {
        if (Store == "redis")
        {
            _redis = await RedisServer.StartAsync();
            _services = _redis.CreateServices();
            _store = _services.GetRequiredService<ISessionStore>();
        }
        else
        {
            _store = new InMemorySessionStore(Options.Create(new SessionOptions { MaxStateBytes = 1024 * 1024 }), TimeProvider.System);
        }

        var state = new byte[Bytes];
        new Random(1).NextBytes(state);
        _state = state;
        var session = new NewSession { Caller = _caller, Era = SessionEra.Handshake, State = [new("s", _state)] };
        await _store.CreateAsync(session, CancellationToken.None);
        _claim = new(_caller, session.Id, SessionEra.Handshake);
        _version = (await _store.TouchAsync(_claim, CancellationToken.None))!.FindState("s").Version;
    }

    /// <summary>Ends all.</summary>
    [GlobalCleanup]
    public async Task CloseAsync()
    {
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        _redis?.Dispose();
    }

    /// <summary>Looks the session up, its state with it.</summary>
    [Benchmark]
    public async Task<SessionRecord?> LookUp() => await _store.TouchAsync(_claim, CancellationToken.None);

    /// <summary>Writes the state.</summary>
    [Benchmark]
    public async Task<long> Write()
    {
        var result = await _store.WriteStateAsync(_claim, new StateWrite("s", _version, _state), CancellationToken.None);
        return _version = result.Entry!.Version;
    }
}
