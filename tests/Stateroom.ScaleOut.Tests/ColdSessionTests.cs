using System.Globalization;
using StackExchange.Redis;

namespace Stateroom.ScaleOut.Tests;

/// <summary>A crowd of requests meets an instance that has never seen their session.</summary>
public sealed class ColdSessionTests
{
    private const int Requests = 1000;
    private const int Others = 20;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_thousand_requests_at_once_read_the_store_once_each_and_others_are_served_meanwhile()
    {
        // A busy machine is no reason to fail, nor to turn answers into streams, which would be kept in the store.
        await using var cluster = await Cluster.StartAsync(
            Cluster.Probe, instances: 2, arguments: ["--Redis:CallTimeout=00:00:20", "--Stateroom:StreamAfter=00:01:00", "--Logging:LogLevel:Microsoft.AspNetCore=Warning"]);
        using var session = await Cluster.Client(cluster.A).OpenAsync();
        Assert.Equal("1", await session.CallTextAsync("add"));
        using var cold = Cluster.Client(cluster.B, session);
        using var other = await Cluster.Client(cluster.B, key: "globex/gus").OpenAsync();
        using var elsewhere = await Cluster.Client(cluster.A, key: "globex/gus").OpenAsync();
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{cluster.Redis.Port},allowAdmin=true");
        var before = await ScriptsAsync(redis);

        var crowd = Task.WhenAll(Enumerable.Range(0, Requests).Select(_ => cold.CallTextAsync("get")));
        var served = 0;
        for (var i = 1; i <= Others; i++)
        {
            Assert.Equal($"{i}", await other.CallTextAsync("add"));
            Assert.Equal($"{i}", await elsewhere.CallTextAsync("add"));
            served += crowd.IsCompleted ? 0 : 1;
        }

        Assert.All(await crowd, answer => Assert.Equal("1", answer));
        var scripts = await ScriptsAsync(redis) - before;
        TestContext.Current.TestOutputHelper?.WriteLine($"{scripts} scripts, {served} rounds of others meanwhile");

        // A look-up each, and for the others a look-up and a write.
        Assert.Equal(Requests + (Others * 4), scripts);
        Assert.True(served > 0, "Nobody else was served meanwhile.");
    }

    /// <summary>How many scripts Redis has run: each call to the store is one.</summary>
    private static async Task<long> ScriptsAsync(ConnectionMultiplexer redis)
    {
        var commands = (await redis.GetServers()[0].InfoAsync("commandstats")).SelectMany(group => group)
            .Where(command => command.Key is "cmdstat_evalsha" or "cmdstat_eval");
        return commands.Sum(command => long.Parse(command.Value.Split(',')[0]["calls=".Length..], CultureInfo.InvariantCulture));
    }
}
