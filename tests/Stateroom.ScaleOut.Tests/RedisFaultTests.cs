using System.Diagnostics;
using System.Globalization;
using System.Net;
using Stateroom.ScaleOut.Tests.Support;

namespace Stateroom.ScaleOut.Tests;

/// <summary>Redis away, hanging, slow, or empty: calls fail in time and clearly, nothing is written late, and nobody has to restart anything.</summary>
public sealed class RedisFaultTests
{
    // A store call takes at most a second, and a call makes two; the rest is for a machine that is busy.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>How long Redis is away: a few seconds, or as many as STATEROOM_OUTAGE_SECONDS says.</summary>
    private static TimeSpan Outage => TimeSpan.FromSeconds(int.Parse(Environment.GetEnvironmentVariable("STATEROOM_OUTAGE_SECONDS") ?? "10", CultureInfo.InvariantCulture));

    [Fact]
    public async Task While_redis_is_away_calls_fail_in_time_and_afterwards_everything_goes_on()
    {
        await using var cluster = await Cluster.StartAsync(Cluster.Probe, instances: 2, proxied: true);
        using var a = await Cluster.Client(cluster.A).OpenAsync();
        using var b = Cluster.Client(cluster.B, a);
        Assert.Equal("1", await a.CallTextAsync("add"));

        foreach (var proxy in cluster.Proxies)
        {
            proxy.Interrupt();
        }

        await FailsAsync([a, b], Outage);
        Assert.False(await cluster.A.IsReadyAsync(Token));
        foreach (var proxy in cluster.Proxies)
        {
            proxy.Restore();
        }

        await RecoversAsync(cluster, a, b, expected: 1);
    }

    [Fact]
    public async Task While_redis_hangs_calls_fail_in_time_and_what_it_reads_later_changes_nothing()
    {
        await using var cluster = await Cluster.StartAsync(Cluster.Probe, instances: 2);
        using var a = await Cluster.Client(cluster.A).OpenAsync();
        using var b = Cluster.Client(cluster.B, a);
        Assert.Equal("1", await a.CallTextAsync("add"));

        await cluster.Redis.Process.SignalAsync("STOP", Token);
        try
        {
            await FailsAsync([a, b], Outage);
        }
        finally
        {
            await cluster.Redis.Process.SignalAsync("CONT", Token);
        }

        await RecoversAsync(cluster, a, b, expected: 1);
    }

    [Fact]
    public async Task While_redis_is_slow_calls_are_slow_or_fail_in_time_and_count_rightly()
    {
        await using var cluster = await Cluster.StartAsync(Cluster.Probe, instances: 2, proxied: true);
        using var a = await Cluster.Client(cluster.A).OpenAsync();
        using var b = Cluster.Client(cluster.B, a);
        Assert.Equal("1", await a.CallTextAsync("add"));

        foreach (var proxy in cluster.Proxies)
        {
            proxy.Delay = TimeSpan.FromMilliseconds(100);
        }

        Assert.Equal("2", await b.CallTextAsync("add"));
        foreach (var proxy in cluster.Proxies)
        {
            proxy.Delay = TimeSpan.FromSeconds(2);
        }

        await FailsAsync([a, b], TimeSpan.FromSeconds(3));
        foreach (var proxy in cluster.Proxies)
        {
            proxy.Delay = TimeSpan.Zero;
        }

        await RecoversAsync(cluster, a, b, expected: 2);
    }

    [Fact]
    public async Task Once_redis_comes_back_empty_every_session_is_unknown_and_the_limits_count_anew()
    {
        await using var cluster = await Cluster.StartAsync(Cluster.Probe, instances: 2, arguments: ["--Stateroom:MaxSessionsPerOwner=3"]);
        var old = new List<RawClient>();
        for (var i = 0; i < 3; i++)
        {
            old.Add(await Cluster.Client(cluster.Instances[i % 2]).OpenAsync());
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, await InitializeAsync(cluster.A));
        await cluster.Redis.KillAsync();
        await cluster.Redis.RestartAsync(Token);
        foreach (var instance in cluster.Instances)
        {
            await Eventually.HoldsAsync(() => instance.IsReadyAsync(Token), "The instance did not recover.", Token);
        }

        foreach (var client in old)
        {
            using var response = await client.SendAsync(HttpMethod.Post, RawClient.Call("get"));
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            client.Dispose();
        }

        for (var i = 0; i < 3; i++)
        {
            using var client = await Cluster.Client(cluster.Instances[i % 2]).OpenAsync();
            Assert.Equal("1", await client.CallTextAsync("add"));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, await InitializeAsync(cluster.B));
    }

    [Fact]
    public async Task Once_redis_comes_back_empty_instances_that_ran_on_and_a_new_one_open_what_the_others_sealed()
    {
        await using var cluster = await Cluster.StartAsync(Cluster.Probe, arguments: ["--Redis:CallTimeout=00:00:05"]);
        await SealedQuestions.TravelAsync(cluster, Token);

        // The new instance may find no key and make one before the others have put theirs back.
        await cluster.C.KillAsync();
        await cluster.Redis.KillAsync();
        await cluster.Redis.RestartAsync(Token);
        await cluster.C.StartReadyAsync(Token);
        foreach (var instance in cluster.Instances)
        {
            await Eventually.HoldsAsync(() => instance.IsReadyAsync(Token), "The instance did not recover.", Token);
        }

        await SealedQuestions.TravelAsync(cluster, Token);
    }

    [Fact]
    public async Task An_instance_that_starts_before_redis_waits_and_says_so()
    {
        await using var cluster = await Cluster.StartAsync(Cluster.Probe, instances: 1);
        await cluster.Redis.KillAsync();
        await cluster.A.KillAsync();

        await cluster.A.StartAsync();
        Assert.False(await cluster.A.IsReadyAsync(Token));
        await cluster.A.PrintsAsync("Redis cannot be reached yet", Token);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await InitializeAsync(cluster.A));

        await cluster.Redis.RestartAsync(Token);
        await Eventually.HoldsAsync(() => cluster.A.IsReadyAsync(Token), "The instance did not become ready.", Token);
        using var client = await Cluster.Client(cluster.A).OpenAsync();
        Assert.Equal("1", await client.CallTextAsync("add"));
    }

    private static async Task<HttpStatusCode> InitializeAsync(Instance instance)
    {
        using var client = Cluster.Client(instance);
        using var response = await client.SendAsync(HttpMethod.Post, RawClient.Initialize());
        return response.StatusCode;
    }

    /// <summary>Calls again and again while Redis does not answer: 503 each time, in time.</summary>
    private static async Task FailsAsync(RawClient[] clients, TimeSpan time)
    {
        var outage = Stopwatch.StartNew();
        while (outage.Elapsed < time)
        {
            foreach (var client in clients)
            {
                var call = Stopwatch.StartNew();
                using var response = await client.SendAsync(HttpMethod.Post, RawClient.Call("add"));
                Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
                Assert.NotNull(response.Headers.RetryAfter);
                Assert.InRange(call.Elapsed, TimeSpan.Zero, Deadline);
            }
        }
    }

    private static async Task RecoversAsync(Cluster cluster, RawClient a, RawClient b, int expected)
    {
        foreach (var instance in cluster.Instances)
        {
            await Eventually.HoldsAsync(() => instance.IsReadyAsync(Token), "The instance did not recover.", Token);
        }

        Assert.Equal($"{expected}", await a.CallTextAsync("get"));
        Assert.Equal($"{expected + 1}", await b.CallTextAsync("add"));
    }
}
