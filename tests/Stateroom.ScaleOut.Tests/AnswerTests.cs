using System.Net;
using System.Text.Json.Nodes;
using Stateroom.ScaleOut.Tests.Support;

namespace Stateroom.ScaleOut.Tests;

/// <summary>Answers, withdrawals and endings find the call that they are for, wherever it runs.</summary>
public sealed class AnswerTests(ProbeCluster probe) : IClassFixture<ProbeCluster>
{
    private readonly Cluster _cluster = probe.Cluster;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_question_of_one_instance_is_answered_through_another()
    {
        using var a = await Cluster.Client(_cluster.A).OpenAsync();
        using var b = Cluster.Client(_cluster.B, a);
        using var call = await HeldCall.StartAsync(a, "ask");

        await call.AnswerAsync(b, "Ada");

        Assert.Equal("accept: Ada", await call.ReadTextAsync());
    }

    [Fact]
    public async Task An_answer_of_another_session_changes_nothing()
    {
        using var a = await Cluster.Client(_cluster.A).OpenAsync();
        using var b = Cluster.Client(_cluster.B, a);
        using var mallory = await Cluster.Client(_cluster.B, key: "globex/mallory").OpenAsync();
        using var call = await HeldCall.StartAsync(a, "ask");

        await call.AnswerAsync(mallory, "Mallory");
        await call.AnswerAsync(b, "Ada");

        Assert.Equal("accept: Ada", await call.ReadTextAsync());
    }

    [Fact]
    public async Task A_call_is_cancelled_through_another_instance()
    {
        using var a = await Cluster.Client(_cluster.A).OpenAsync();
        using var b = Cluster.Client(_cluster.B, a);
        using var call = await HeldCall.StartAsync(a, "ask_aloud", """{"label":"cancelled"}""", id: "7");

        using var response = await b.SendAsync(HttpMethod.Post, """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}""");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        await _cluster.A.PrintsAsync("cancelled: stopped", Token);
        while (await call.Stream.ReadAsync(Token) is { } rest)
        {
            Assert.True(rest.Data.Length == 0 || rest.Json["result"] is null, rest.Data);
        }
    }

    [Fact]
    public async Task A_session_ended_at_one_instance_is_ended_at_all()
    {
        using var b = await Cluster.Client(_cluster.B).OpenAsync();
        using var a = Cluster.Client(_cluster.A, b);
        using var c = Cluster.Client(_cluster.C, b);
        using var call = await HeldCall.StartAsync(b, "stubborn", """{"label":"ended"}""");
        using var general = await c.StreamAsync(HttpMethod.Get);

        using var ended = await a.SendAsync(HttpMethod.Delete);

        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        foreach (var client in (RawClient[])[a, b, c])
        {
            using var late = await client.SendAsync(HttpMethod.Post, RawClient.Call("get"));
            Assert.Equal(HttpStatusCode.NotFound, late.StatusCode);
        }

        await _cluster.B.PrintsAsync("ended: stopped", Token);
        await _cluster.B.PrintsAsync("ended: refused", Token);
        while (await general.ReadAsync(Token) is { } rest)
        {
            Assert.Equal(0, rest.Data.Length);
        }
    }

    [Fact]
    public async Task A_stranger_gets_the_same_answer_at_every_instance_as_for_a_session_that_never_was()
    {
        using var a = await Cluster.Client(_cluster.A).OpenAsync();
        using var nobody = Cluster.Client(_cluster.A, a);
        nobody.SessionId = new string('A', a.SessionId!.Length);
        var never = await RawClient.ReadAsync(nobody.SendAsync(HttpMethod.Post, RawClient.Call("get")));

        foreach (var instance in _cluster.Instances)
        {
            foreach (var key in (string[])["acme/bob", "globex/alice"])
            {
                using var stranger = Cluster.Client(instance, a, key);
                Assert.Equal(never, await RawClient.ReadAsync(stranger.SendAsync(HttpMethod.Post, RawClient.Call("get"))));
                using var end = await stranger.SendAsync(HttpMethod.Delete);
                Assert.Equal(HttpStatusCode.NotFound, end.StatusCode);
            }
        }

        Assert.Equal("1", await a.CallTextAsync("add"));
    }

    [Fact]
    public async Task Request_state_sealed_by_one_instance_is_accepted_by_the_others()
    {
        using var a = Cluster.Client(_cluster.A);
        var asked = await a.CallToolAsync("ask_by_ending", []);
        Assert.Equal("input_required", (string?)asked["resultType"]);
        var retry = new JsonObject
        {
            ["requestState"] = asked["requestState"]!.DeepClone(),
            ["inputResponses"] = new JsonObject { ["name"] = new JsonObject { ["action"] = "accept", ["content"] = new JsonObject { ["name"] = "Ada" } } },
        };

        foreach (var (instance, count) in (IEnumerable<(Instance, int)>)[(_cluster.B, 11), (_cluster.C, 12)])
        {
            using var other = Cluster.Client(instance);
            var answered = await other.CallToolAsync("ask_by_ending", [], retry);
            Assert.Equal($"Ada {count}", (string?)answered["content"]![0]!["text"]);
        }
    }
}
