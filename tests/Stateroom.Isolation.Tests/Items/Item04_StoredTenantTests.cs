using System.Net;
using System.Text;
using StackExchange.Redis;
using Stateroom.Isolation.Tests.Support;

namespace Stateroom.Isolation.Tests.Items;

/// <summary>Item 4: the tenant and the owner that stand in a stored session are checked again on each read, whatever key led there. In the process there are no keys to move.</summary>
[Collection(nameof(OnRedis))]
public sealed class Item04_StoredTenantTests(OnRedis servers)
{
    [Theory]
    [InlineData("acme-bob")]
    [InlineData("globex-alice")]
    public async Task A_session_under_the_key_of_somebody_else_is_not_served(string stranger)
    {
        using var alice = await servers.Here().OpenAsync();
        await alice.SaveAsync("Secretville");
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{servers.Weather.Redis.Port}");
        var hers = await SessionKeysAsync(redis);
        using var mallory = await servers.Here(stranger).OpenAsync();
        var his = (await SessionKeysAsync(redis)).Except(hers).Single();
        var database = redis.GetDatabase();
        RedisKey? holding = null;
        foreach (var key in hers)
        {
            // It may have ended since it was found.
            if ((byte[]?)await database.StringGetAsync(key) is { } stored && Encoding.Latin1.GetString(stored).Contains("Secretville", StringComparison.Ordinal))
            {
                holding = key;
            }
        }

        Assert.True(await database.KeyCopyAsync(holding!.Value, his, replace: true));

        var answer = await Answer.OfAsync(mallory.SendAsync(HttpMethod.Post, RawClient.Call("list_places")));
        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.Contains("Secretville", await alice.CallTextAsync("list_places"), StringComparison.Ordinal);
        await alice.SendAsync(HttpMethod.Delete);
    }

    private static async Task<RedisKey[]> SessionKeysAsync(ConnectionMultiplexer redis)
    {
        var keys = new List<RedisKey>();
        await foreach (var key in redis.GetServers()[0].KeysAsync(pattern: "stateroom:*:s:*").WithCancellation(TestContext.Current.CancellationToken))
        {
            keys.Add(key);
        }

        return [.. keys];
    }
}
