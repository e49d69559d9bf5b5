using System.Net;
using System.Text.Json.Nodes;
using Stateroom.Isolation.Tests.Support;

namespace Stateroom.Isolation.Tests.Items;

/// <summary>Item 7: a stream that is open is never given to somebody else, nor taken away by somebody else.</summary>
public abstract class Item07_ForeignStreamTests(Servers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("acme/bob")]
    [InlineData("globex/alice")]
    public async Task A_second_stream_by_somebody_else_is_refused_and_the_first_goes_on(string stranger)
    {
        using var alice = await Servers.Here(servers.Probe, "acme/alice").OpenAsync();
        await SubscribeAsync(alice, "probe://hers");
        using var stream = await alice.StreamAsync(HttpMethod.Get);
        foreach (var instance in servers.Probe.Instances)
        {
            using var mallory = new RawClient(instance.Endpoint, stranger) { SessionId = alice.SessionId };
            Assert.Equal(HttpStatusCode.NotFound, (await Answer.OfAsync(mallory.SendAsync(HttpMethod.Get))).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await Answer.OfAsync(mallory.SendAsync(HttpMethod.Get, (string?)null, "g.0"))).Status);
        }

        using var there = Servers.There(servers.Probe, "acme/alice", alice.SessionId);
        await there.CallTextAsync("resource_updated", """{"uri":"probe://hers"}""");
        await ReadUntilAsync(stream, "probe://hers");
    }

    [Fact]
    public async Task Streams_of_the_stateless_era_with_one_subscription_id_hear_what_each_asked_for()
    {
        using var alice = Servers.Here(servers.Probe, "acme/alice");
        using var carol = Servers.There(servers.Probe, "globex/alice");
        using var hers = await alice.ListenAsync(new() { ["resourceSubscriptions"] = new JsonArray("probe://for-alice", "probe://last") });
        using var others = await carol.ListenAsync(new() { ["resourceSubscriptions"] = new JsonArray("probe://for-carol", "probe://last") });
        await hers.ReadMessageAsync(Token);
        await others.ReadMessageAsync(Token);
        using var teller = await Servers.There(servers.Probe, "acme/bob").OpenAsync();

        foreach (var uri in (string[])["probe://for-alice", "probe://for-carol", "probe://last"])
        {
            await teller.CallTextAsync("resource_updated", $$"""{"uri":"{{uri}}"}""");
        }

        Assert.DoesNotContain(await ReadUntilAsync(hers, "probe://last"), data => data.Contains("for-carol", StringComparison.Ordinal));
        Assert.DoesNotContain(await ReadUntilAsync(others, "probe://last"), data => data.Contains("for-alice", StringComparison.Ordinal));
    }

    private static async Task<List<string>> ReadUntilAsync(SseReader stream, string text)
    {
        var read = new List<string>();
        do
        {
            read.Add((await stream.ReadMessageAsync(Token)).Data);
        }
        while (!read[^1].Contains(text, StringComparison.Ordinal));
        return read;
    }

    private static async Task SubscribeAsync(RawClient client, string uri)
    {
        var request = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = "resources/subscribe", ["params"] = new JsonObject { ["uri"] = uri } };
        var answer = await Answer.OfAsync(client.SendAsync(HttpMethod.Post, request.ToJsonString()));
        Assert.NotNull(answer.Json["result"]);
    }
}

[Collection(nameof(InProcess))]
public sealed class Item07_InProcess(InProcess servers) : Item07_ForeignStreamTests(servers);

[Collection(nameof(OnRedis))]
public sealed class Item07_OnRedis(OnRedis servers) : Item07_ForeignStreamTests(servers);
