using System.Text.RegularExpressions;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Http;

namespace Stateroom.Benchmarks;

/// <summary>A whole call through the endpoint, without a web server, in process.</summary>
[MemoryDiagnoser]
public class TransportBenchmarks
{
    private readonly SessionApp _app = new();
    private string _session = string.Empty;
    private string _handle = string.Empty;

    // More kinds of clients than an instance remembers, in turn: none is ever known.
    private string[] _strangers = [];
    private int _turn;

    /// <summary>Opens a session of each era.</summary>
    [GlobalSetup]
    public async Task OpenAsync()
    {
        _session = await _app.InitializeAsync();
        var opened = SessionApp.BodyOf(await _app.CallStatelessAsync("count", handle: null));
        _strangers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => _app.InitializeAsync($"stranger-{i}")));
        _handle = Regex.Match(opened, "\"stateroom/session\":\"([^\"]+)\"").Groups[1].Value;
        if (_handle.Length == 0)
        {
            throw new InvalidOperationException($"The call opened no session: {opened}");
        }
    }

    /// <summary>A call that writes, handshake era.</summary>
    [Benchmark(Baseline = true)]
    public Task<HttpContext> HandshakeWrite() => _app.CallAsync(_session, "count");

    /// <summary>A call that reads, handshake era.</summary>
    [Benchmark]
    public Task<HttpContext> HandshakeRead() => _app.CallAsync(_session, "read");

    /// <summary>The first call of a session at an instance that has seen neither it nor a client of its kind.</summary>
    [Benchmark]
    public Task<HttpContext> HandshakeRehydration() => _app.CallAsync(_strangers[_turn = (_turn + 1) % _strangers.Length], "count");

    /// <summary>Opening a session, handshake era.</summary>
    [Benchmark]
    public Task<string> Initialize() => _app.InitializeAsync();

    /// <summary>A call that writes, stateless era with a handle.</summary>
    [Benchmark]
    public Task<HttpContext> StatelessWrite() => _app.CallStatelessAsync("count", _handle);

    /// <summary>A call without a session, stateless era: what the SDK's endpoint costs by itself, with ours around it.</summary>
    [Benchmark]
    public Task<HttpContext> StatelessWithoutSession() => _app.CallStatelessAsync("echo", handle: null);
}
