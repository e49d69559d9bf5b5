using System.Text.Json.Nodes;
using Stateroom.Isolation.Tests.Support;

namespace Stateroom.Isolation.Tests.Items;

/// <summary>Item 10: where a <c>requestState</c> serves once, its replays are refused, however many come at once and at whichever instances.</summary>
public abstract class Item10_ReplayTests(Servers servers)
{
    private const int InvalidParams = -32602;

    [Fact]
    public async Task Of_replays_at_every_instance_at_once_exactly_one_takes_effect()
    {
        await using var cluster = await servers.StartAsync(Cluster.Weather, "--Stateroom:SingleUseRequestState=true");
        using var alice = Servers.Here(cluster);
        var asked = await Answer.OfToolAsync(alice, "get_current_weather", new() { ["city"] = "Springfield" });
        var state = (string)asked.Json["result"]!["requestState"]!;
        using var bob = Servers.There(cluster, "acme-bob");
        Assert.Equal(InvalidParams, (await RetryAsync(bob, state)).ErrorCode);

        var clients = Enumerable.Range(0, 12).Select(i => new RawClient(cluster.Instances[i % cluster.Instances.Count].Endpoint, "acme-alice")).ToList();
        var answers = await Task.WhenAll(clients.Select(client => RetryAsync(client, state)));
        clients.ForEach(client => client.Dispose());

        var won = Assert.Single(answers, answer => answer.ErrorCode is null);
        Assert.Contains("Springfield", won.Body, StringComparison.Ordinal);
        Assert.All(answers.Where(answer => answer != won), answer => Assert.Equal(InvalidParams, answer.ErrorCode));
        Assert.Single(answers.Where(answer => answer != won).Select(answer => answer.Body).Distinct());
        foreach (var instance in cluster.Instances)
        {
            using var client = new RawClient(instance.Endpoint, "acme-alice");
            Assert.Equal(InvalidParams, (await RetryAsync(client, state)).ErrorCode);
        }

        var handle = Assert.Single(await alice.HandlesAsync());
        Assert.Contains("\"toolCallCount\":1", await alice.InRoomAsync("get_session_info", handle), StringComparison.Ordinal);
    }

    private static Task<Answer> RetryAsync(RawClient client, string state) => Answer.OfAsync(client.SendStatelessAsync("tools/call", new()
    {
        ["name"] = "get_current_weather",
        ["arguments"] = new JsonObject { ["city"] = "Springfield" },
        ["requestState"] = state,
        ["inputResponses"] = new JsonObject { ["city-1"] = new JsonObject { ["action"] = "accept", ["content"] = new JsonObject { ["city"] = "Springfield, Illinois, United States" } } },
    }));
}

[Collection(nameof(InProcess))]
public sealed class Item10_ReplayInProcess(InProcess servers) : Item10_ReplayTests(servers);

[Collection(nameof(OnRedis))]
public sealed class Item10_ReplayOnRedis(OnRedis servers) : Item10_ReplayTests(servers);
