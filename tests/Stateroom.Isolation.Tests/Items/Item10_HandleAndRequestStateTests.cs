using System.Net;
using System.Text.Json.Nodes;
using Stateroom.Isolation.Tests.Support;

namespace Stateroom.Isolation.Tests.Items;

/// <summary>Item 10: somebody else's handle is answered like an expired one; <c>requestState</c> serves its own caller's own request alone, at any instance, for a while.</summary>
public abstract class Item10_HandleAndRequestStateTests(Servers servers)
{
    private const int InvalidParams = -32602;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_foreign_handle_is_answered_as_one_that_expired_was_closed_or_never_was()
    {
        await using var cluster = await servers.StartAsync(Cluster.Weather, "--Stateroom:IdleTimeout=00:00:01");
        using var alice = Servers.Here(cluster);
        using var there = Servers.There(cluster);
        var expired = await alice.OpenRoomAsync("Secretville");
        await Eventually.HoldsAsync(async () => !(await there.HandlesAsync()).Contains(expired), "The room does not expire.", Token);
        var closed = await alice.OpenRoomAsync("Secretville");
        await there.CallToolAsync("close_session", new() { ["session"] = closed });
        using var bob = Servers.Here(cluster, "acme-bob");
        var foreign = await bob.OpenRoomAsync("Hideaway");

        foreach (var instance in cluster.Instances)
        {
            using var client = new RawClient(instance.Endpoint, "acme-alice");
            foreach (var tool in (string[])["list_places", "close_session", "get_session_info"])
            {
                var never = await Answer.OfToolAsync(client, tool, new() { ["session"] = Servers.Never });
                Assert.True((bool?)never.Json["result"]!["isError"], never.Body);
                foreach (var handle in (string[])[expired, closed, foreign])
                {
                    Assert.Equal(never, await Answer.OfToolAsync(client, tool, new() { ["session"] = handle }));
                }
            }
        }
    }

    [Fact]
    public async Task Request_state_is_accepted_from_its_caller_at_another_instance()
    {
        using var alice = servers.Here();
        using var there = servers.There();
        var state = await AskedAsync(alice);

        var answer = await RetryAsync(there, state);

        Assert.Contains("Springfield", answer.Body, StringComparison.Ordinal);
        Assert.NotEqual(true, (bool?)answer.Json["result"]!["isError"]);
    }

    [Theory]
    [InlineData("acme-bob")]
    [InlineData("globex-alice")]
    [InlineData("dev-token")]
    public async Task Request_state_of_somebody_else_is_refused_without_effect(string stranger)
    {
        using var alice = servers.Here();
        var state = await AskedAsync(alice);
        foreach (var instance in servers.Weather.Instances)
        {
            using var mallory = new RawClient(instance.Endpoint, stranger);
            var before = await mallory.HandlesAsync();
            Assert.Equal(InvalidParams, (await RetryAsync(mallory, state)).ErrorCode);
            Assert.Equal(before, await mallory.HandlesAsync());
        }
    }

    [Fact]
    public async Task Request_state_that_was_altered_is_refused_without_effect()
    {
        using var alice = servers.Here();
        var state = await AskedAsync(alice);
        var before = await alice.HandlesAsync();
        string[] altered =
        [
            .. Enumerable.Range(0, 16).Select(i => i * state.Length / 16).Select(place => Change(state, place)),
            state[..^1], state[1..], state + "A", state + state, state[..(state.Length / 2)], "", "nonsense", "{}", "AAAA", new string('A', 100_000),
        ];
        foreach (var text in altered)
        {
            var answer = await RetryAsync(alice, text);
            Assert.True(answer.ErrorCode == InvalidParams, $"{text}: {answer}");
        }

        Assert.Equal(before, await alice.HandlesAsync());
    }

    [Fact]
    public async Task Request_state_for_another_request_is_refused_without_effect()
    {
        using var alice = servers.Here();
        var state = await AskedAsync(alice);
        var before = await alice.HandlesAsync();
        using var there = servers.There();

        foreach (var client in (RawClient[])[alice, there])
        {
            Assert.Equal(InvalidParams, (await RetryAsync(client, state, city: "Tokyo")).ErrorCode);
            Assert.Equal(InvalidParams, (await RetryAsync(client, state, more: new() { ["units"] = "imperial" })).ErrorCode);
            Assert.Equal(InvalidParams, (await RetryAsync(client, state, more: new() { ["session"] = Servers.Never })).ErrorCode);
            Assert.Equal(InvalidParams, (await RetryAsync(client, state, tool: "set_preferred_units")).ErrorCode);
            var read = await Answer.OfAsync(client.SendStatelessAsync(
                "resources/read", new() { ["uri"] = "weather://Pune", ["requestState"] = state }, configure: request => request.Headers.Add("Mcp-Name", "weather://Pune")));
            Assert.Equal(InvalidParams, read.ErrorCode);
        }

        Assert.Equal(before, await alice.HandlesAsync());
    }

    [Fact]
    public async Task Request_state_that_comes_late_is_refused_without_effect()
    {
        await using var cluster = await servers.StartAsync(Cluster.Weather, "--Stateroom:RequestStateLifetime=00:00:01");
        using var alice = Servers.Here(cluster);
        using var there = Servers.There(cluster);
        var state = await AskedAsync(alice);

        // An answer that chooses no city runs the tool without letting it write, so that trying early does nothing.
        await Eventually.HoldsAsync(async () => (await RetryAsync(there, state, choice: "none")).ErrorCode == InvalidParams, "The state stays good.", Token);

        Assert.Equal(InvalidParams, (await RetryAsync(alice, state)).ErrorCode);
        Assert.Empty(await alice.HandlesAsync());
    }

    private static async Task<string> AskedAsync(RawClient client)
    {
        var asked = await Answer.OfToolAsync(client, "get_current_weather", new() { ["city"] = "Springfield" });
        Assert.Equal(HttpStatusCode.OK, asked.Status);
        Assert.Equal("input_required", (string?)asked.Json["result"]!["resultType"]);
        return (string)asked.Json["result"]!["requestState"]!;
    }

    private static Task<Answer> RetryAsync(
        RawClient client, string state, string tool = "get_current_weather", string city = "Springfield", string choice = "Springfield, Illinois, United States", JsonObject? more = null)
    {
        var arguments = new JsonObject { ["city"] = city };
        foreach (var (key, value) in more ?? [])
        {
            arguments[key] = value?.DeepClone();
        }

        return Answer.OfAsync(client.SendStatelessAsync("tools/call", new()
        {
            ["name"] = tool,
            ["arguments"] = arguments,
            ["requestState"] = state,
            ["inputResponses"] = new JsonObject { ["city-1"] = new JsonObject { ["action"] = "accept", ["content"] = new JsonObject { ["city"] = choice } } },
        }));
    }

    private static string Change(string text, int place) => $"{text[..place]}{(text[place] == 'A' ? 'B' : 'A')}{text[(place + 1)..]}";
}

[Collection(nameof(InProcess))]
public sealed class Item10_InProcess(InProcess servers) : Item10_HandleAndRequestStateTests(servers);

[Collection(nameof(OnRedis))]
public sealed class Item10_OnRedis(OnRedis servers) : Item10_HandleAndRequestStateTests(servers);
