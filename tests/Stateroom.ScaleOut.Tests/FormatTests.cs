using System.Net;
using System.Text;
using StackExchange.Redis;
using Stateroom.ScaleOut.Tests.Support;

namespace Stateroom.ScaleOut.Tests;

/// <summary>In a rolling update an older instance meets what a newer one has stored.</summary>
public sealed class FormatTests(ProbeCluster probe) : IClassFixture<ProbeCluster>
{
    private const int Format = 1;

    private readonly Cluster _cluster = probe.Cluster;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_session_of_a_newer_format_is_refused_clearly_and_left_as_it_is()
    {
        using var client = await Cluster.Client(_cluster.A, key: "format/head").OpenAsync();
        Assert.Equal("1", await client.CallTextAsync("add"));
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{_cluster.Redis.Port}");
        var database = redis.GetDatabase();
        var key = await FindAsync(redis, "head");
        await ReplaceAsync(database, key, Format);
        var before = await database.StringGetAsync(key);

        using var refused = await client.SendAsync(HttpMethod.Post, RawClient.Call("add"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        await _cluster.A.PrintsAsync("newer version", Token);
        Assert.Equal(before, await database.StringGetAsync(key));
        await ReplaceAsync(database, key, -Format);
        Assert.Equal("2", await client.CallTextAsync("add"));
    }

    [Fact]
    public async Task Handshake_data_of_a_newer_format_is_refused_clearly()
    {
        using var client = await Cluster.Client(_cluster.A, key: "format/profile").OpenAsync();
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{_cluster.Redis.Port}");
        var database = redis.GetDatabase();
        var key = await FindAsync(redis, "profile");
        var head = Encoding.Latin1.GetString((byte[])(await database.StringGetAsync(key))!);
        await database.StringSetAsync(key, Encoding.Latin1.GetBytes(head.Replace("\"v\":1", "\"v\":2", StringComparison.Ordinal)), expiry: null, keepTtl: true);

        using var refused = await client.SendAsync(HttpMethod.Post, RawClient.Call("get"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        await _cluster.A.PrintsAsync("has format 2", Token);
    }

    /// <summary>Finds the session of an owner.</summary>
    private static async Task<RedisKey> FindAsync(ConnectionMultiplexer redis, string owner)
    {
        foreach (var key in redis.GetServers()[0].Keys(pattern: "stateroom:1:s:*"))
        {
            var head = Encoding.Latin1.GetString((byte[])(await redis.GetDatabase().StringGetAsync(key))!);
            if (head.Contains(owner, StringComparison.Ordinal))
            {
                return key;
            }
        }

        throw new InvalidOperationException("There is no such session.");
    }

    /// <summary>Writes another number of the format into a session; it stands after seven times.</summary>
    private static async Task ReplaceAsync(IDatabase database, RedisKey key, int change)
    {
        const int At = 7 * 6;
        var format = (byte[])(await database.StringGetRangeAsync(key, At, At))!;
        await database.StringSetRangeAsync(key, At, new[] { (byte)(format[0] + change) });
    }
}
