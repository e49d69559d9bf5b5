using System.Net;
using System.Text.Json.Nodes;

namespace Stateroom.ScaleOut.Tests.Support;

/// <summary>A call that has asked its client something and waits.</summary>
internal sealed class HeldCall : IDisposable
{
    private HeldCall(SseReader stream, SseEvent question)
    {
        Stream = stream;
        Question = question;
    }

    /// <summary>The stream of the call's POST.</summary>
    public SseReader Stream { get; }

    public SseEvent Question { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Calls a tool that asks, and reads the question.</summary>
    public static async Task<HeldCall> StartAsync(RawClient client, string tool, string arguments = "{}", string id = "1")
    {
        var stream = await client.StreamAsync(HttpMethod.Post, RawClient.Call(tool, arguments, id));
        var question = await stream.ReadMessageAsync(Token);
        Assert.Equal("elicitation/create", (string?)question.Json["method"]);
        return new HeldCall(stream, question);
    }

    /// <summary>Answers the question.</summary>
    /// <param name="client">Who answers, and through which instance.</param>
    /// <param name="name">The answer.</param>
    public async Task AnswerAsync(RawClient client, string name)
    {
        var answer = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = Question.Json["id"]!.DeepClone(),
            ["result"] = new JsonObject { ["action"] = "accept", ["content"] = new JsonObject { ["name"] = name } },
        };
        using var response = await client.SendAsync(HttpMethod.Post, answer.ToJsonString());
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    public async Task<string> ReadTextAsync() => RawClient.TextOf((await Stream.ReadMessageAsync(Token)).Json);

    public void Dispose() => Stream.Dispose();
}
