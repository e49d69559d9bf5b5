using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;

namespace Stateroom.ScaleOut.Tests;

/// <summary>One tenant sends twenty times what it may; another hardly notices. What is compared was measured in turns, in one run.</summary>
public sealed class FloodTests
{
    private const int Rate = 20;
    private const int Burst = 40;
    private const int Times = 20;
    private const int Rounds = 7;
    private const int CallsARound = 200;

    /// <summary>Others use this machine too. What fails each time is no chance.</summary>
    private const int Attempts = 3;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);

    // Below this, a p99 tells more of the machine than of the server.
    private static readonly TimeSpan Floor = TimeSpan.FromMilliseconds(4);

    private static readonly string[] _limits =
    [
        "--Stateroom:Tenants:0:Tenant=acme", $"--Stateroom:Tenants:0:RequestRatePerTenant={Rate}", $"--Stateroom:Tenants:0:RequestBurstPerTenant={Burst}",
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_flood_is_refused_and_disturbs_nobody_on_one_instance()
    {
        await using var server = await ServerProcess.StartAsync(Cluster.Weather, _limits);
        await HoldsAsync([server.Endpoint]);
    }

    [Fact]
    public async Task A_flood_is_refused_and_disturbs_nobody_on_two_instances_with_redis()
    {
        await using var cluster = await Cluster.StartAsync(Cluster.Weather, instances: 2, arguments: _limits);
        await HoldsAsync([.. cluster.Instances.Select(i => i.Endpoint)]);
    }

    private static async Task HoldsAsync(Uri[] endpoints)
    {
        using var quietClient = await new RawClient(endpoints[^1], "globex-alice").OpenAsync();
        using var first = await new RawClient(endpoints[0], "acme-alice").OpenAsync();
        RawClient[] flooders = [.. endpoints.Select(e => new RawClient(e, "acme-alice") { SessionId = first.SessionId })];
        await P99Async(quietClient);

        // The burst is used up first: a round may be so short that its flood would fit in.
        for (var i = 0; i < Burst; i++)
        {
            using var response = await flooders[0].SendAsync(HttpMethod.Post, RawClient.Call("get_session_info"));
        }

        for (var attempt = 1; ; attempt++)
        {
            var (quiet, flooded) = (new List<TimeSpan>(), new List<TimeSpan>());
            for (var round = 0; round < Rounds; round++)
            {
                quiet.Add(await P99Async(quietClient));
                using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
                var flood = FloodAsync(flooders, stop.Token);
                flooded.Add(await P99Async(quietClient));
                await stop.CancelAsync();
                await flood;
            }

            var (before, during) = (Median(quiet), Median(flooded));
            TestContext.Current.TestOutputHelper?.WriteLine($"p99, median of {Rounds} rounds: quiet {before.TotalMilliseconds:F1} ms, flooded {during.TotalMilliseconds:F1} ms");
            if (during <= 2 * (before > Floor ? before : Floor))
            {
                break;
            }

            Assert.True(attempt < Attempts, $"Another tenant's p99 was {before.TotalMilliseconds:F1} ms, and {during.TotalMilliseconds:F1} ms under the flood.");
        }

        foreach (var flooder in flooders)
        {
            flooder.Dispose();
        }
    }

    /// <summary>Sends so many a second as are twenty times the rate, or fewer where the machine is too slow for that, and no more than it can keep up with.</summary>
    private static async Task FloodAsync(RawClient[] clients, CancellationToken stop)
    {
        var (admitted, refused) = (0, 0);
        var begun = Stopwatch.StartNew();
        using var timer = new PeriodicTimer(Tick);
        var sent = new List<Task>();
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                sent.RemoveAll(s => s.IsCompletedSuccessfully);
                for (var i = 0; i < Rate * Times * Tick.TotalSeconds && sent.Count < 64; i++)
                {
                    sent.Add(SendAsync(clients[i % clients.Length]));
                }
            }
        }
        catch (OperationCanceledException) when (!Token.IsCancellationRequested)
        {
            // The round is over.
        }

        await Task.WhenAll(sent);
        Assert.InRange(admitted, 0, Burst + (int)(Rate * begun.Elapsed.TotalSeconds));
        Assert.True(refused > 0, "Nothing was refused.");

        async Task SendAsync(RawClient client)
        {
            using var response = await client.SendAsync(HttpMethod.Post, RawClient.Call("get_session_info"));
            var body = await response.Content.ReadAsStringAsync(Token);
            if (response.StatusCode != HttpStatusCode.TooManyRequests)
            {
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                Interlocked.Increment(ref admitted);
                return;
            }

            Interlocked.Increment(ref refused);
            Assert.Equal("RequestRatePerTenant", (string?)JsonNode.Parse(body)!["error"]!["data"]!["limit"]);
            Assert.NotNull(response.Headers.RetryAfter);
        }
    }

    private static async Task<TimeSpan> P99Async(RawClient client)
    {
        var times = new List<TimeSpan>();
        for (var i = 0; i < CallsARound; i++)
        {
            var begun = Stopwatch.GetTimestamp();
            await client.CallTextAsync("get_session_info");
            times.Add(Stopwatch.GetElapsedTime(begun));
        }

        times.Sort();
        return times[(CallsARound * 99 / 100) - 1];
    }

    private static TimeSpan Median(List<TimeSpan> times)
    {
        times.Sort();
        return times[times.Count / 2];
    }
}
