using System.Net;
using System.Text.Json.Nodes;
using Stateroom.AspNetCore.Tests.Support;

namespace Stateroom.AspNetCore.Tests.Handshake;

public class QuestionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_answer_to_a_question_reaches_the_call_that_asked()
    {
        await using var server = await SessionServer.StartAsync();
        using var client = await server.Client().OpenAsync();
        using var stream = await client.StreamAsync(HttpMethod.Post, RawClient.Call("ask", """{"question":"Who?"}"""));
        var question = (await stream.ReadMessageAsync(Cancellation)).Json;
        Assert.Equal("elicitation/create", (string?)question["method"]);

        Assert.Equal(HttpStatusCode.Accepted, await AnswerAsync(client, question["id"]!, "Ann"));
        Assert.Equal("accept: Ann", RawClient.TextOf((await stream.ReadMessageAsync(Cancellation)).Json));
    }

    [Fact]
    public async Task A_request_and_a_question_with_equal_ids_do_not_meet_and_the_call_can_be_cancelled()
    {
        await using var server = await SessionServer.StartAsync();
        using var client = await server.Client().OpenAsync();
        using var stream = await client.StreamAsync(HttpMethod.Post, RawClient.Call("ask", """{"question":"Who?"}""", "1"));
        var question = (await stream.ReadMessageAsync(Cancellation)).Json;
        var (status, _) = await RawClient.ReadAsync(client.SendAsync(HttpMethod.Post, """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"""));
        Assert.Equal(HttpStatusCode.Accepted, status);

        // The server withdraws its question, by the id that the client knows, and the stream ends without an answer.
        while (await stream.ReadAsync(Cancellation) is { } read)
        {
            Assert.Equal("notifications/cancelled", (string?)read.Json["method"]);
            Assert.Equal((string?)question["id"], (string?)read.Json["params"]!["requestId"]);
        }
    }

    [Fact]
    public async Task Nobody_answers_for_somebody_else()
    {
        await using var server = await SessionServer.StartAsync();
        using var alice = await server.Client("acme/alice").OpenAsync();
        using var bob = await server.Client("acme/bob").OpenAsync();
        using var stranger = await server.Client("globex/alice").OpenAsync();
        using var stream = await alice.StreamAsync(HttpMethod.Post, RawClient.Call("ask", """{"question":"Who?"}"""));
        var id = (await stream.ReadMessageAsync(Cancellation)).Json["id"]!;

        Assert.Equal(HttpStatusCode.Accepted, await AnswerAsync(bob, id, "Bob"));
        Assert.Equal(HttpStatusCode.Accepted, await AnswerAsync(stranger, id, "Mallory"));
        Assert.Equal(HttpStatusCode.Accepted, await AnswerAsync(alice, JsonValue.Create(1)!, "one"));
        Assert.Equal(HttpStatusCode.Accepted, await AnswerAsync(alice, id, "Alice"));
        Assert.Equal("accept: Alice", RawClient.TextOf((await stream.ReadMessageAsync(Cancellation)).Json));
        Assert.Equal(HttpStatusCode.Accepted, await AnswerAsync(alice, id, "again"));
    }

    [Fact]
    public async Task Two_sessions_that_ask_at_once_get_their_own_answers()
    {
        await using var server = await SessionServer.StartAsync();
        using var alice = await server.Client("acme/alice").OpenAsync();
        using var bob = await server.Client("acme/bob").OpenAsync();
        using var first = await alice.StreamAsync(HttpMethod.Post, RawClient.Call("ask", """{"question":"?"}"""));
        using var second = await bob.StreamAsync(HttpMethod.Post, RawClient.Call("ask", """{"question":"?"}"""));
        var firstId = (await first.ReadMessageAsync(Cancellation)).Json["id"]!;
        var secondId = (await second.ReadMessageAsync(Cancellation)).Json["id"]!;
        Assert.NotEqual((string?)firstId, (string?)secondId);

        await AnswerAsync(bob, secondId, "Bob");
        await AnswerAsync(alice, firstId, "Alice");
        Assert.Equal("accept: Alice", RawClient.TextOf((await first.ReadMessageAsync(Cancellation)).Json));
        Assert.Equal("accept: Bob", RawClient.TextOf((await second.ReadMessageAsync(Cancellation)).Json));
    }

    private static async Task<HttpStatusCode> AnswerAsync(RawClient client, JsonNode id, string name) =>
        (await RawClient.ReadAsync(client.SendAsync(HttpMethod.Post, new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = id.DeepClone(),
            ["result"] = new JsonObject { ["action"] = "accept", ["content"] = new JsonObject { ["name"] = name } },
        }.ToJsonString()))).Status;
}
