using System.Globalization;
using StackExchange.Redis;

namespace Stateroom.ScaleOut.Tests;

/// <summary>A crowd of requests meets an instance that has never seen their session.</summary>
public sealed class ColdSessionTests
{
    private const int Requests = 1000;
    private const int Others = 5;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_thousand_requests_at_once_read_the_store_once_each_and_others_are_served_meanwhile()
    {
        // A busy machine is no reason to fail, nor to turn answers into streams, which would be kept in the store. A heartbeat runs a script too: there is none while these are counted.
        await using var cluster = await Cluster.StartAsync(Cluster.Probe, instances: 2, arguments:
        [
            "--Redis:CallTimeout=00:00:20", "--Redis:HeartbeatInterval=00:10:00", "--Redis:InstanceTimeout=01:00:00",
            "--Stateroom:StreamAfter=00:01:00", "--Logging:LogLevel:Microsoft.AspNetCore=Warning",
        ]);
        using var session = await Cluster.Client(cluster.A).OpenAsync();
        Assert.Equal("1", await session.CallTextAsync("add"));
        using var cold = Cluster.Client(cluster.B, session);
        using var other = await Cluster.Client(cluster.B, key: "globex/gus").OpenAsync();
        using var elsewhere = await Cluster.Client(cluster.A, key: "globex/gus").OpenAsync();
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{cluster.Redis.Port},allowAdmin=true");
        var before = await ScriptsAsync(redis);

        var (asked, isOver) = (0, false);
        var crowd = Task.WhenAll(Enumerable.Range(0, Requests).Select(_ => AskAsync()));

        // Who is served meanwhile is not left to chance: the crowd stays until the others have been.
        for (var i = 1; i <= Others; i++)
        {
            Assert.Equal($"{i}", await other.CallTextAsync("add"));
            Assert.Equal($"{i}", await elsewhere.CallTextAsync("add"));
        }

        Volatile.Write(ref isOver, true);
        await crowd;
        var scripts = await ScriptsAsync(redis) - before;

        // A look-up each, and for the others a look-up and a write.
        Assert.Equal(asked + (Others * 4), scripts);

        async Task AskAsync()
        {
            do
            {
                Interlocked.Increment(ref asked);
                Assert.Equal("1", await cold.CallTextAsync("get"));
            }
            while (!Volatile.Read(ref isOver));
        }
    }

    /// <summary>How many scripts Redis has run: each call to the store is one.</summary>
    private static async Task<long> ScriptsAsync(ConnectionMultiplexer redis)
    {
        var commands = (await redis.GetServers()[0].InfoAsync("commandstats")).SelectMany(group => group)
            .Where(command => command.Key is "cmdstat_evalsha" or "cmdstat_eval");
        return commands.Sum(command => long.Parse(command.Value.Split(',')[0]["calls=".Length..], CultureInfo.InvariantCulture));
    }
}
