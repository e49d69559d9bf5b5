using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Options;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.Benchmarks;

/// <summary>The in-process store.</summary>
[MemoryDiagnoser]
public class StoreBenchmarks
{
    private static readonly Caller _caller = new(new TenantId("acme"), "alice");
    private static readonly ReadOnlyMemory<byte> _state = "[1,{\"preferredUnits\":\"metric\",\"toolCallCount\":1}]"u8.ToArray();

    private readonly InMemorySessionStore _store = new(Options.Create(new SessionOptions { MaxSessionsPerOwner = int.MaxValue, MaxSessionsPerTenant = int.MaxValue }), TimeProvider.System);
    private SessionClaim _claim;
    private long _version;

    /// <summary>How many sessions there are.</summary>
    [Params(1_000, 1_000_000)]
    public int Sessions { get; set; }

    /// <summary>Opens them.</summary>
    [GlobalSetup]
    public async Task FillAsync()
    {
        for (var i = 0; i < Sessions; i++)
        {
            var session = new NewSession { Caller = _caller, Era = SessionEra.Handshake, State = [new("s", _state)] };
            await _store.CreateAsync(session, CancellationToken.None);
            _claim = new SessionClaim(_caller, session.Id, SessionEra.Handshake);
        }

        _version = (await _store.TouchAsync(_claim, CancellationToken.None))!.FindState("s").Version;
    }

    /// <summary>Finds a session and slides its deadline.</summary>
    [Benchmark]
    public ValueTask<SessionRecord?> LookUp() => _store.TouchAsync(_claim, CancellationToken.None);

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
        var session = new NewSession { Caller = _caller, Era = SessionEra.Handshake, State = [new("s", _state)] };
        await _store.CreateAsync(session, CancellationToken.None);
        return await _store.EndAsync(new SessionClaim(_caller, session.Id, SessionEra.Handshake), CancellationToken.None);
    }
}
