using System.Net;
using Stateroom.Isolation.Tests.Support;

namespace Stateroom.Isolation.Tests.Items;

/// <summary>Item 8: a session that was ended, at whichever instance, is gone at all of them, also for a call that was in flight and writes late.</summary>
public abstract class Item08_EndedSessionTests(Servers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_header_session_is_gone_everywhere_and_a_late_write_does_not_bring_it_back()
    {
        var label = $"late-{Guid.NewGuid():N}";
        using var alice = await Servers.Here(servers.Probe, "acme/alice").OpenAsync();
        Assert.Equal("1", await alice.CallTextAsync("add"));
        using var general = await alice.StreamAsync(HttpMethod.Get);
        var call = Answer.OfAsync(alice.SendAsync(HttpMethod.Post, RawClient.Call("hold", $$"""{"label":"{{label}}"}""", id: "9")));
        await servers.Probe.A.PrintsAsync($"{label}: held", Token);
        using var there = Servers.There(servers.Probe, "acme/alice", alice.SessionId);

        Assert.Equal(HttpStatusCode.NoContent, (await Answer.OfAsync(there.SendAsync(HttpMethod.Delete))).Status);

        await GoneAsync("acme/alice", alice.SessionId!);
        using var releaser = await Servers.Here(servers.Probe, "acme/bob").OpenAsync();
        await releaser.CallTextAsync("release", $$"""{"label":"{{label}}"}""");
        await servers.Probe.A.PrintsAsync($"{label}: refused", Token);
        Assert.DoesNotContain("written", (await call).Body, StringComparison.Ordinal);
        while (await general.ReadAsync(Token) is { } rest)
        {
            Assert.Equal(0, rest.Data.Length);
        }

        await GoneAsync("acme/alice", alice.SessionId!);
    }

    [Fact]
    public async Task A_room_of_the_stateless_era_is_gone_everywhere_and_a_late_write_does_not_bring_it_back()
    {
        var label = $"late-{Guid.NewGuid():N}";
        await using var cluster = await servers.StartAsync(Cluster.Probe, "--Stateroom:SessionTools=true");
        using var alice = Servers.Here(cluster, "acme/alice");
        var handle = (string)(await alice.CallToolAsync("add", []))["_meta"]!["stateroom/session"]!;
        var call = Answer.OfToolAsync(alice, "hold", new() { ["label"] = label, ["session"] = handle });
        await cluster.A.PrintsAsync($"{label}: held", Token);
        using var there = Servers.There(cluster, "acme/alice");

        var closed = await there.CallToolAsync("close_session", new() { ["session"] = handle });

        Assert.NotEqual(true, (bool?)closed["isError"]);
        using var releaser = Servers.Here(cluster, "acme/bob");
        await releaser.CallToolAsync("release", new() { ["label"] = label });
        await cluster.A.PrintsAsync($"{label}: refused", Token);
        var late = await call;
        Assert.True((bool?)late.Json["result"]!["isError"], late.Body);
        foreach (var instance in cluster.Instances)
        {
            using var after = new RawClient(instance.Endpoint, "acme/alice");
            Assert.Equal(
                await Answer.OfToolAsync(after, "get", new() { ["session"] = Servers.Never }),
                await Answer.OfToolAsync(after, "get", new() { ["session"] = handle }));
            Assert.Empty(await after.HandlesAsync());
        }
    }

    private async Task GoneAsync(string key, string session)
    {
        foreach (var instance in servers.Probe.Instances)
        {
            using var client = new RawClient(instance.Endpoint, key) { SessionId = session };
            Assert.Equal(HttpStatusCode.NotFound, (await Answer.OfAsync(client.SendAsync(HttpMethod.Post, RawClient.Call("get")))).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await Answer.OfAsync(client.SendAsync(HttpMethod.Get))).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await Answer.OfAsync(client.SendAsync(HttpMethod.Get, (string?)null, "g.0"))).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await Answer.OfAsync(client.SendAsync(HttpMethod.Delete))).Status);
        }
    }
}

[Collection(nameof(InProcess))]
public sealed class Item08_InProcess(InProcess servers) : Item08_EndedSessionTests(servers);

[Collection(nameof(OnRedis))]
public sealed class Item08_OnRedis(OnRedis servers) : Item08_EndedSessionTests(servers);
