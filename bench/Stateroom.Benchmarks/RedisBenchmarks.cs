using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;
using Stateroom.Limits;
using Stateroom.Messaging;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.Benchmarks;

/// <summary>Each script, from the call to its answer, beside the bare round trip that no script can be quicker than.</summary>
[MemoryDiagnoser]
public class RedisBenchmarks
{
    private static readonly Caller _caller = new(new TenantId("acme"), "alice");
    private static readonly ReadOnlyMemory<byte> _state = "[1,{\"preferredUnits\":\"metric\",\"toolCallCount\":1}]"u8.ToArray();
    private static readonly ReadOnlyMemory<byte> _message = new byte[300];

    private RedisServer _redis = null!;
    private ServiceProvider _services = null!;
    private ISessionStore _store = null!;
    private ISessionOutbox _outbox = null!;
    private IAdmission _admission = null!;
    private IDatabase _database = null!;
    private SessionClaim _claim;
    private SessionKey _key;
    private long _version;

    /// <summary>Starts Redis and opens a session.</summary>
    [GlobalSetup]
    public async Task OpenAsync()
    {
        _redis = await RedisServer.StartAsync();
        _database = (await ConnectionMultiplexer.ConnectAsync(_redis.Address)).GetDatabase();
        _services = _redis.CreateServices();
        _store = _services.GetRequiredService<ISessionStore>();
        _outbox = _services.GetRequiredService<ISessionOutbox>();
        _admission = _services.GetRequiredService<IAdmission>();
        var session = New();
        await _store.CreateAsync(session, CancellationToken.None);
        _claim = new(_caller, session.Id, SessionEra.Handshake);
        _key = _claim.Key;
        _version = (await _store.TouchAsync(_claim, CancellationToken.None))!.FindState("s").Version;
    }

    /// <summary>Ends all.</summary>
    [GlobalCleanup]
    public async Task CloseAsync()
    {
        await _services.DisposeAsync();
        await _database.Multiplexer.DisposeAsync();
        _redis.Dispose();
    }

    /// <summary>The round trip.</summary>
    [Benchmark(Baseline = true)]
    public Task<TimeSpan> Ping() => _database.PingAsync();

    /// <summary>Finds a session and slides its deadline.</summary>
    [Benchmark]
    public async Task<SessionRecord?> LookUp() => await _store.TouchAsync(_claim, CancellationToken.None);

    /// <summary>Writes an entry of its state.</summary>
    [Benchmark]
    public async Task<long> Write()
    {
        var result = await _store.WriteStateAsync(_claim, new StateWrite("s", _version, _state), CancellationToken.None);
        return _version = result.Entry!.Version;
    }

    /// <summary>Opens a session and ends it.</summary>
    [Benchmark]
    public async Task<bool> OpenAndEnd()
    {
        var session = New();
        await _store.CreateAsync(session, CancellationToken.None);
        return await _store.EndAsync(new(_caller, session.Id, SessionEra.Handshake), CancellationToken.None);
    }

    /// <summary>Asks whether a message and its call may come in, and gives the place back.</summary>
    [Benchmark]
    public async Task<bool> Admit()
    {
        var admission = await _admission.AdmitAsync(new(_caller) { Messages = 1, Place = AdmissionPlace.Call, Count = 1 }, CancellationToken.None);
        admission.Lease?.Dispose();
        return admission.Refusal is null;
    }

    /// <summary>Puts a message of 300 bytes into the session's general stream, which keeps its newest.</summary>
    [Benchmark]
    public async Task<long> Append() => await _outbox.AppendAsync(_key, StreamNames.General, OutboxItemKind.Message, _message, CancellationToken.None);

    private static NewSession New() => new() { Caller = _caller, Era = SessionEra.Handshake, State = [new("s", _state)] };
}
