using System.Net;
using System.Text.Json.Nodes;
using Stateroom.Isolation.Tests.Support;

namespace Stateroom.Isolation.Tests.Items;

/// <summary>Item 16: who sends too much, or has too much running, is refused with 429 and the limit's name, at whichever instances, and nobody else is.</summary>
public abstract class Item16_TrafficTests(Servers servers)
{
    private const int Messages = 60;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("PerOwner")]
    [InlineData("PerTenant")]
    public async Task Messages_beyond_the_rate_are_refused(string whose)
    {
        await using var cluster = await servers.StartAsync(Cluster.Weather, $"--Stateroom:RequestRate{whose}=1", $"--Stateroom:RequestBurst{whose}=10");
        RawClient[] alice = [.. cluster.Instances.Select(instance => new RawClient(instance.Endpoint, "acme-alice"))];
        var begun = TimeProvider.System.GetTimestamp();

        // Both eras, all at once, at every instance.
        var answers = await Task.WhenAll(Enumerable.Range(0, Messages).Select(i => Answer.OfAsync(
            (i / 2) % 2 == 0 ? alice[i % alice.Length].SendStatelessAsync("tools/list", []) : alice[i % alice.Length].SendAsync(HttpMethod.Post, RawClient.Initialize()))));

        var refused = answers.Where(answer => answer.Status != HttpStatusCode.OK).ToList();
        Assert.All(refused, answer => IsRefused(answer, $"RequestRate{whose}"));
        Assert.InRange(answers.Length - refused.Count, 1, 10 + Math.Ceiling(TimeProvider.System.GetElapsedTime(begun).TotalSeconds));
        Assert.NotEmpty(refused);
        foreach (var instance in cluster.Instances)
        {
            using var globex = new RawClient(instance.Endpoint, "globex-alice");
            Assert.Equal(HttpStatusCode.OK, (await Answer.OfAsync(globex.SendStatelessAsync("tools/list", []))).Status);
        }

        if (whose == "PerOwner")
        {
            using var bob = Servers.There(cluster, "acme-bob");
            Assert.Equal(HttpStatusCode.OK, (await Answer.OfAsync(bob.SendStatelessAsync("tools/list", []))).Status);
        }

        Array.ForEach(alice, client => client.Dispose());
    }

    [Theory]
    [InlineData("PerOwner")]
    [InlineData("PerTenant")]
    public async Task Calls_beyond_those_that_may_run_at_a_time_are_refused(string whose)
    {
        await using var cluster = await servers.StartAsync(Cluster.Weather, $"--Stateroom:MaxCalls{whose}=2");
        using var alice = await Servers.Here(cluster).OpenAsync();
        using var elsewhere = Servers.There(cluster, session: alice.SessionId);
        using var first = await HeldCall.StartAsync(alice, "get_current_weather", Rooms.AmbiguousCity, id: "1");
        using var second = await HeldCall.StartAsync(elsewhere, "get_current_weather", Rooms.AmbiguousCity, id: "2");

        foreach (var instance in cluster.Instances)
        {
            using var client = new RawClient(instance.Endpoint, whose == "PerOwner" ? "acme-alice" : "acme-bob");
            IsRefused(await Answer.OfAsync(client.SendStatelessAsync("tools/list", [])), $"MaxCalls{whose}");
            IsRefused(await Answer.OfAsync(client.SendAsync(HttpMethod.Post, RawClient.Initialize())), $"MaxCalls{whose}");
            using var globex = await new RawClient(instance.Endpoint, "globex-alice").OpenAsync();
            Assert.Contains("globex", await globex.CallTextAsync("get_session_info"), StringComparison.Ordinal);
        }

        // An answer needs no place, and what ends gives its own back.
        await first.AnswerAsync(elsewhere, first.Choice(), "city");
        Assert.Contains("Springfield", await first.ReadTextAsync(), StringComparison.Ordinal);
        using var third = Servers.There(cluster);
        await Eventually.HoldsAsync(
            async () => (await Answer.OfAsync(third.SendStatelessAsync("tools/list", []))).Status == HttpStatusCode.OK, "There is no place for another call.", Cancellation);
    }

    [Fact]
    public async Task Streams_beyond_those_that_may_be_open_are_refused()
    {
        await using var cluster = await servers.StartAsync(Cluster.Weather, "--Stateroom:MaxStreamsPerOwner=2");
        using var alice = await Servers.Here(cluster).OpenAsync();
        using var modern = Servers.There(cluster);
        var lists = new JsonObject { ["notifications"] = new JsonObject { ["toolsListChanged"] = true } };
        using var general = await alice.StreamAsync(HttpMethod.Get);
        using var listening = await modern.ListenAsync(new() { ["toolsListChanged"] = true });
        await listening.ReadMessageAsync(Cancellation);

        foreach (var instance in cluster.Instances)
        {
            using var again = new RawClient(instance.Endpoint, "acme-alice");
            IsRefused(await Answer.OfAsync(again.SendStatelessAsync("subscriptions/listen", lists.DeepClone().AsObject())), "MaxStreamsPerOwner");
            again.SessionId = alice.SessionId;
            IsRefused(await Answer.OfAsync(again.SendAsync(HttpMethod.Get)), "MaxStreamsPerOwner");
            using var globex = await new RawClient(instance.Endpoint, "globex-alice").OpenAsync();
            using var stream = await globex.StreamAsync(HttpMethod.Get);
        }
    }

    private static void IsRefused(Answer answer, string limit)
    {
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.Status);
        Assert.Contains("Retry-After:", answer.Headers, StringComparison.Ordinal);
        Assert.Equal(limit, (string?)answer.Json["error"]!["data"]!["limit"]);
    }
}

[Collection(nameof(InProcess))]
public sealed class Item16_TrafficInProcess(InProcess servers) : Item16_TrafficTests(servers);

[Collection(nameof(OnRedis))]
public sealed class Item16_TrafficOnRedis(OnRedis servers) : Item16_TrafficTests(servers);
