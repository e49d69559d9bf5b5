using System.Globalization;
using Stateroom.ScaleOut.Tests.Support;

namespace Stateroom.ScaleOut.Tests;

/// <summary>Instances that write to one session at the same time, or long after they began to, lose nothing of each other's.</summary>
public sealed class ConsistencyTests(ProbeCluster probe) : IClassFixture<ProbeCluster>
{
    private const int Increments = 200;

    private readonly Cluster _cluster = probe.Cluster;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Parallel_increments_from_all_instances_are_counted_exactly()
    {
        using var session = await Cluster.Client(_cluster.A).OpenAsync();
        var clients = _cluster.Instances.Select(i => Cluster.Client(i, session)).ToList();

        await Task.WhenAll(Enumerable.Range(0, Increments).Select(i => clients[i % clients.Count].CallTextAsync("add")));

        Assert.Equal($"{Increments}", await session.CallTextAsync("get"));
        clients.ForEach(c => c.Dispose());
    }

    /// <summary>The pause is what is tested: a few seconds, or as many as STATEROOM_PAUSE_SECONDS says.</summary>
    [Fact]
    public async Task An_instance_that_was_paused_in_the_middle_of_its_writes_overwrites_nothing()
    {
        var pause = TimeSpan.FromSeconds(int.Parse(Environment.GetEnvironmentVariable("STATEROOM_PAUSE_SECONDS") ?? "4", CultureInfo.InvariantCulture));
        using var a = await Cluster.Client(_cluster.A).OpenAsync();
        using var b = Cluster.Client(_cluster.B, a);
        using var c = Cluster.Client(_cluster.C, a);
        Assert.Equal("1", await a.CallTextAsync("add"));

        // The first answer proves that the instance is at work on the others.
        var running = Enumerable.Range(0, 60).Select(_ => TryAddAsync(a)).ToList();
        await Task.WhenAny(running);
        await _cluster.A.SignalAsync("STOP", Token);
        var paused = Task.Delay(pause, Token);
        var elsewhere = 0;
        try
        {
            for (; elsewhere < 50 || !paused.IsCompleted; elsewhere += 2)
            {
                await b.CallTextAsync("add");
                await c.CallTextAsync("add");
            }
        }
        finally
        {
            await _cluster.A.SignalAsync("CONT", Token);
        }

        var outcomes = await Task.WhenAll(running);
        var acknowledged = 1 + elsewhere + outcomes.Count(o => o);
        var unknown = outcomes.Count(o => !o);
        var counted = int.Parse(await b.CallTextAsync("get"), CultureInfo.InvariantCulture);
        TestContext.Current.TestOutputHelper?.WriteLine($"{pause.TotalSeconds} s, {elsewhere} elsewhere, {acknowledged} acknowledged, {unknown} unknown, {counted} counted");
        Assert.InRange(counted, acknowledged, acknowledged + unknown);
        Assert.Equal($"{counted + 1}", await a.CallTextAsync("add"));
    }

    /// <summary>Adds one.</summary>
    /// <returns>Whether it was acknowledged.</returns>
    private static async Task<bool> TryAddAsync(RawClient client)
    {
        using var response = await client.SendAsync(HttpMethod.Post, RawClient.Call("add"));
        var message = await RawClient.ReadResponseAsync(response);
        return response.IsSuccessStatusCode && message["result"] is { } result && (bool?)result["isError"] is not true;
    }
}
