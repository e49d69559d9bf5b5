using BenchmarkDotNet.Attributes;
using Stateroom.Sessions;

namespace Stateroom.Benchmarks;

/// <summary>Minting and checking the ids of sessions, which are the handles too.</summary>
[MemoryDiagnoser]
public class HandleBenchmarks
{
    private readonly string _id = SessionId.New();

    /// <summary>Draws an id.</summary>
    [Benchmark]
    public string Mint() => SessionId.New();

    /// <summary>Checks the form of one.</summary>
    [Benchmark]
    public bool Check() => SessionId.IsWellFormed(_id);

    /// <summary>What logs show in its place.</summary>
    [Benchmark]
    public string Fingerprint() => SessionFingerprint.Of(_id);
}
