using System.Text.Json.Nodes;
using Stateroom.ScaleOut.Tests.Support;

namespace Stateroom.ScaleOut.Tests;

/// <summary>Messages find the stream that they are for, and a stream goes on at any instance.</summary>
public sealed class StreamTests(ProbeCluster probe) : IClassFixture<ProbeCluster>
{
    private readonly Cluster _cluster = probe.Cluster;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_one_instance_tells_reaches_the_stream_that_another_holds()
    {
        using var a = await Cluster.Client(_cluster.A).OpenAsync();
        using var b = Cluster.Client(_cluster.B, a);
        using var c = Cluster.Client(_cluster.C, a);
        using var stream = await b.StreamAsync(HttpMethod.Get);
        await SubscribeAsync(c, "probe://told");

        await a.CallTextAsync("resource_updated", """{"uri":"probe://told"}""");
        var message = await stream.ReadMessageAsync(Token);
        Assert.Equal("probe://told", (string?)message.Json["params"]!["uri"]);

        await c.CallTextAsync("tools_changed");
        message = await stream.ReadMessageAsync(Token);
        Assert.Equal("notifications/tools/list_changed", (string?)message.Json["method"]);
    }

    [Fact]
    public async Task What_one_instance_tells_reaches_a_subscription_of_the_stateless_era_at_another()
    {
        using var listener = Cluster.Client(_cluster.B);
        using var teller = await Cluster.Client(_cluster.A).OpenAsync();
        using var stream = await listener.ListenAsync(new() { ["toolsListChanged"] = true, ["resourceSubscriptions"] = new JsonArray("probe://heard") });
        var acknowledged = await stream.ReadMessageAsync(Token);
        Assert.Equal("notifications/subscriptions/acknowledged", (string?)acknowledged.Json["method"]);

        await teller.CallTextAsync("resource_updated", """{"uri":"probe://heard"}""");

        // Other tests tell that tools have changed, which concerns everybody.
        SseEvent message;
        do
        {
            message = await stream.ReadMessageAsync(Token);
        }
        while ((string?)message.Json["method"] == "notifications/tools/list_changed");
        Assert.Equal("probe://heard", (string?)message.Json["params"]!["uri"]);
    }

    [Fact]
    public async Task A_stream_that_was_left_is_resumed_elsewhere_in_order_and_once()
    {
        using var a = await Cluster.Client(_cluster.A).OpenAsync();
        using var b = Cluster.Client(_cluster.B, a);
        using var c = Cluster.Client(_cluster.C, a);
        await SubscribeAsync(a, "probe://1");
        await SubscribeAsync(a, "probe://2");
        await SubscribeAsync(a, "probe://3");
        await SubscribeAsync(a, "probe://4");
        string? last;
        using (var left = await b.StreamAsync(HttpMethod.Get))
        {
            await a.CallTextAsync("resource_updated", """{"uri":"probe://1"}""");
            var first = await left.ReadMessageAsync(Token);
            Assert.Equal("probe://1", (string?)first.Json["params"]!["uri"]);
            last = first.Id;
        }

        await a.CallTextAsync("resource_updated", """{"uri":"probe://2"}""");
        await b.CallTextAsync("resource_updated", """{"uri":"probe://3"}""");
        using var resumed = await c.StreamAsync(HttpMethod.Get, lastEventId: last);
        await c.CallTextAsync("resource_updated", """{"uri":"probe://4"}""");

        var uris = new List<string?>();
        while (uris.Count < 3)
        {
            var message = await resumed.ReadMessageAsync(Token);
            if ((string?)message.Json["method"] == "notifications/resources/updated")
            {
                uris.Add((string?)message.Json["params"]!["uri"]);
            }
        }

        Assert.Equal(["probe://2", "probe://3", "probe://4"], uris);
    }

    [Fact]
    public async Task The_stream_of_a_call_that_was_cut_is_resumed_at_another_instance()
    {
        using var a = await Cluster.Client(_cluster.A).OpenAsync();
        using var b = Cluster.Client(_cluster.B, a);
        using var c = Cluster.Client(_cluster.C, a);
        var call = await HeldCall.StartAsync(a, "ask");
        call.Dispose();

        using var resumed = await b.StreamAsync(HttpMethod.Get, lastEventId: call.Question.Id);
        await call.AnswerAsync(c, "Ada");

        Assert.Equal("accept: Ada", RawClient.TextOf((await resumed.ReadMessageAsync(Token)).Json));
        while (await resumed.ReadAsync(Token) is { } rest)
        {
            Assert.Equal(0, rest.Data.Length);
        }
    }

    [Fact]
    public async Task The_stream_of_a_call_whose_instance_died_ends_with_an_error_and_the_session_lives_on()
    {
        using var a = await Cluster.Client(_cluster.A).OpenAsync();
        using var b = Cluster.Client(_cluster.B, a);
        Assert.Equal("1", await a.CallTextAsync("add"));
        using var call = await HeldCall.StartAsync(a, "ask", id: "42");
        try
        {
            await _cluster.A.KillAsync();
            using var resumed = await b.StreamAsync(HttpMethod.Get, lastEventId: call.Question.Id);

            var error = await resumed.ReadMessageAsync(Token);
            Assert.Equal(42, (int?)error.Json["id"]);
            Assert.NotNull(error.Json["error"]);
            while (await resumed.ReadAsync(Token) is { } rest)
            {
                Assert.Equal(0, rest.Data.Length);
            }

            Assert.Equal("2", await b.CallTextAsync("add"));
        }
        finally
        {
            await _cluster.A.StartReadyAsync(Token);
        }
    }

    [Fact]
    public async Task The_streams_of_an_instance_that_died_make_room_for_others()
    {
        await using var cluster = await Cluster.StartAsync(Cluster.Probe, instances: 2, arguments: ["--Redis:CallTimeout=00:00:05", "--Stateroom:MaxStreams=2"]);
        using var a = await Cluster.Client(cluster.A).OpenAsync();
        using var b = Cluster.Client(cluster.B, a);
        using var first = await HeldCall.StartAsync(a, "ask", id: "1");
        using var second = await HeldCall.StartAsync(a, "ask", id: "2");
        using (var refused = await b.SendAsync(HttpMethod.Post, RawClient.Call("ask")))
        {
            Assert.Contains("cannot be asked", await refused.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        }

        await cluster.A.KillAsync();

        // Soon, when the instance counts as dead; its streams are there still, and end with an error.
        await Eventually.HoldsAsync(
            async () =>
            {
                using var asked = await b.SendAsync(HttpMethod.Post, RawClient.Call("ask"));
                return asked.Content.Headers.ContentType?.MediaType == "text/event-stream";
            },
            "There is no room for a stream.",
            Token);
        using var resumed = await b.StreamAsync(HttpMethod.Get, lastEventId: first.Question.Id);
        var error = await resumed.ReadMessageAsync(Token);
        Assert.Equal(1, (int?)error.Json["id"]);
        Assert.NotNull(error.Json["error"]);
    }

    private static async Task SubscribeAsync(RawClient client, string uri)
    {
        using var response = await client.SendAsync(
            HttpMethod.Post, $$$"""{"jsonrpc":"2.0","id":1,"method":"resources/subscribe","params":{"uri":"{{{uri}}}"}}""");
        Assert.True(response.IsSuccessStatusCode);
        Assert.DoesNotContain("error", await response.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }
}
