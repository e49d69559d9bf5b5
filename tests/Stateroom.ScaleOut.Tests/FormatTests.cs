using System.Net;
using StackExchange.Redis;
using Stateroom.ScaleOut.Tests.Support;

namespace Stateroom.ScaleOut.Tests;

/// <summary>In a rolling update an older instance meets what a newer one has stored.</summary>
public sealed class FormatTests(ProbeCluster probe) : IClassFixture<ProbeCluster>
{
    private readonly Cluster _cluster = probe.Cluster;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_session_of_a_newer_format_is_refused_clearly_and_left_as_it_is()
    {
        using var client = await Cluster.Client(_cluster.A).OpenAsync();
        Assert.Equal("1", await client.CallTextAsync("add"));
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{_cluster.Redis.Port}");
        var database = redis.GetDatabase();
        var key = Assert.Single(redis.GetServers()[0].Keys(pattern: "stateroom:1:s:*"));
        var who = (byte[])(await database.HashGetAsync(key, "w"))!;
        who[0]++;
        await database.HashSetAsync(key, "w", who);
        var before = await database.HashGetAllAsync(key);

        using var refused = await client.SendAsync(HttpMethod.Post, RawClient.Call("add"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        await _cluster.A.PrintsAsync("newer version", Token);
        Assert.Equal(before, await database.HashGetAllAsync(key));
        who[0]--;
        await database.HashSetAsync(key, "w", who);
        Assert.Equal("2", await client.CallTextAsync("add"));
    }

    [Fact]
    public async Task Handshake_data_of_a_newer_format_is_refused_clearly()
    {
        using var client = await Cluster.Client(_cluster.A, key: "format/profile").OpenAsync();
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{_cluster.Redis.Port}");
        var database = redis.GetDatabase();
        foreach (var key in redis.GetServers()[0].Keys(pattern: "stateroom:1:s:*"))
        {
            var profile = (string?)await database.HashGetAsync(key, "p");
            await database.HashSetAsync(key, "p", profile!.Replace("\"v\":1", "\"v\":2", StringComparison.Ordinal));
        }

        using var refused = await client.SendAsync(HttpMethod.Post, RawClient.Call("get"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        await _cluster.A.PrintsAsync("has format 2", Token);
    }
}
