using System.Net;
using Stateroom.Isolation.Tests.Support;

namespace Stateroom.Isolation.Tests.Items;

/// <summary>Item 9: who guesses the id of another's question or request can neither answer the one nor cancel the other.</summary>
public abstract class Item09_ForeignAnswerTests(Servers servers)
{
    /// <summary>Among them the caller herself in another session of hers.</summary>
    public static TheoryData<string> Others => ["acme-alice", "acme-bob", "globex-alice"];

    [Theory]
    [MemberData(nameof(Others))]
    public async Task An_answer_from_another_session_does_nothing(string other)
    {
        using var alice = await servers.Here().OpenAsync();
        using var call = await HeldCall.StartAsync(alice, "get_current_weather", Rooms.AmbiguousCity);
        foreach (var instance in servers.Weather.Instances)
        {
            using var mallory = await new RawClient(instance.Endpoint, other).OpenAsync();
            await call.AnswerAsync(mallory, call.Choice(1), "city");
        }

        await AnswersAsync(call, alice);
    }

    [Theory]
    [MemberData(nameof(Others))]
    public async Task A_cancellation_from_another_session_does_nothing(string other)
    {
        using var alice = await servers.Here().OpenAsync();
        using var call = await HeldCall.StartAsync(alice, "get_current_weather", Rooms.AmbiguousCity, id: "77");
        var question = call.Question.Json["id"]!.ToJsonString();
        foreach (var instance in servers.Weather.Instances)
        {
            using var mallory = await new RawClient(instance.Endpoint, other).OpenAsync();
            foreach (var id in (string[])["77", "\"77\"", question])
            {
                var cancelled = await Answer.OfAsync(mallory.SendAsync(
                    HttpMethod.Post, $$$"""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":{{{id}}}}}"""));
                Assert.Equal(HttpStatusCode.Accepted, cancelled.Status);
            }
        }

        await AnswersAsync(call, alice);
    }

    [Fact]
    public async Task A_cancellation_reaches_the_own_call_and_leaves_another_s_of_equal_id_alone()
    {
        using var alice = await servers.Here().OpenAsync();
        using var bob = await servers.Here("acme-bob").OpenAsync();
        using var hers = await HeldCall.StartAsync(alice, "get_current_weather", Rooms.AmbiguousCity, id: "77");
        using var his = await HeldCall.StartAsync(bob, "get_current_weather", Rooms.AmbiguousCity, id: "77");
        using var bobThere = servers.There("acme-bob", bob.SessionId);

        await bobThere.SendAsync(HttpMethod.Post, """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":77}}""");

        while (await his.Stream.ReadAsync(TestContext.Current.CancellationToken) is { } rest)
        {
            Assert.DoesNotContain("\"result\"", rest.Data, StringComparison.Ordinal);
        }

        await AnswersAsync(hers, alice);
    }

    private async Task AnswersAsync(HeldCall call, RawClient alice)
    {
        using var there = servers.There(session: alice.SessionId);
        await call.AnswerAsync(there, call.Choice(0), "city");
        Assert.Contains(call.Choice(0).Split(", ")[1], await call.ReadTextAsync(), StringComparison.Ordinal);
    }
}

[Collection(nameof(InProcess))]
public sealed class Item09_InProcess(InProcess servers) : Item09_ForeignAnswerTests(servers);

[Collection(nameof(OnRedis))]
public sealed class Item09_OnRedis(OnRedis servers) : Item09_ForeignAnswerTests(servers);
