using System.Net;
using Stateroom.Isolation.Tests.Support;

namespace Stateroom.Isolation.Tests.Items;

/// <summary>Item 16: who is over a limit is refused and told which, and nobody else is.</summary>
public abstract class Item16_LimitTests(Servers servers)
{
    private static readonly string[] _settings = ["--Stateroom:MaxSessionsPerTenant=5", "--Stateroom:MaxSessionsPerOwner=3", "--Stateroom:MaxBodyBytes=4096"];

    [Fact]
    public async Task A_tenant_with_as_many_sessions_as_it_may_have_is_refused_and_others_are_served()
    {
        await using var cluster = await servers.StartAsync(Cluster.Weather, _settings);
        for (var i = 0; i < 3; i++)
        {
            using var alice = await Client(cluster, "acme-alice", i).OpenAsync();
        }

        foreach (var instance in cluster.Instances)
        {
            using var alice = new RawClient(instance.Endpoint, "acme-alice");
            await RefusedAsync(alice, "MaxSessionsPerOwner");
        }

        for (var i = 0; i < 2; i++)
        {
            using var bob = await Client(cluster, "acme-bob", i).OpenAsync();
        }

        using var late = Client(cluster, "acme-bob", 1);
        await RefusedAsync(late, "MaxSessionsPerTenant");
        for (var i = 0; i < 3; i++)
        {
            using var globex = await Client(cluster, "globex-alice", i).OpenAsync();
            Assert.Contains("globex", await globex.CallTextAsync("get_session_info"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Rooms_of_the_stateless_era_count_for_the_same_limit()
    {
        await using var cluster = await servers.StartAsync(Cluster.Weather, _settings);
        using var first = await Client(cluster, "acme-alice", 0).OpenAsync();
        for (var i = 0; i < 2; i++)
        {
            using var alice = Client(cluster, "acme-alice", i);
            await alice.OpenRoomAsync("Pune");
        }

        using var modern = Client(cluster, "acme-alice", 1);
        var refused = await modern.CallToolAsync("save_place", new() { ["label"] = "home", ["city"] = "Pune" });
        Assert.True((bool?)refused["isError"], refused.ToJsonString());
        await RefusedAsync(modern, "MaxSessionsPerOwner");
        using var globex = Client(cluster, "globex-alice", 1);
        await globex.OpenRoomAsync("Pune");

        // What was ended makes room again.
        using var ended = await first.SendAsync(HttpMethod.Delete);
        await modern.OpenRoomAsync("Pune");
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_and_others_are_served()
    {
        await using var cluster = await servers.StartAsync(Cluster.Weather, _settings);
        using var alice = await Client(cluster, "acme-alice", 0).OpenAsync();
        var city = new string('x', 5000);

        var refused = await Answer.OfAsync(alice.SendAsync(HttpMethod.Post, RawClient.Call("save_place", $$"""{"label":"a","city":"{{city}}"}""")));

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, refused.Status);
        Assert.Contains("4096", refused.Body, StringComparison.Ordinal);
        using var globex = await Client(cluster, "globex-alice", 0).OpenAsync();
        Assert.Contains("globex", await globex.CallTextAsync("get_session_info"), StringComparison.Ordinal);
    }

    private static RawClient Client(Cluster cluster, string key, int i) => new(cluster.Instances[i % cluster.Instances.Count].Endpoint, key);

    private static async Task RefusedAsync(RawClient client, string limit)
    {
        var answer = await Answer.OfAsync(client.SendAsync(HttpMethod.Post, RawClient.Initialize()));
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.Status);
        Assert.Contains("Retry-After:", answer.Headers, StringComparison.Ordinal);
        Assert.Equal(limit, (string?)answer.Json["error"]!["data"]!["limit"]);
    }
}

[Collection(nameof(InProcess))]
public sealed class Item16_InProcess(InProcess servers) : Item16_LimitTests(servers);

[Collection(nameof(OnRedis))]
public sealed class Item16_OnRedis(OnRedis servers) : Item16_LimitTests(servers);
