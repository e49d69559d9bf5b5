using System.Net;
using System.Text.Json.Nodes;

namespace Stateroom.TestProcesses.Http;

/// <summary>A call that has asked its client something and waits.</summary>
public sealed class HeldCall : IDisposable
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
    /// <param name="value">The answer.</param>
    /// <param name="field">The field of the question's form that it goes into.</param>
    public async Task AnswerAsync(RawClient client, string value, string field = "name")
    {
        using var response = await client.SendAsync(HttpMethod.Post, Answer(value, field));
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    /// <summary>The message that answers the question.</summary>
    public string Answer(string value, string field = "name") => new JsonObject
    {
        ["jsonrpc"] = "2.0",
        ["id"] = Question.Json["id"]!.DeepClone(),
        ["result"] = new JsonObject { ["action"] = "accept", ["content"] = new JsonObject { [field] = value } },
    }.ToJsonString();

    public async Task<string> ReadTextAsync() => RawClient.TextOf((await Stream.ReadMessageAsync(Token)).Json);

    public void Dispose() => Stream.Dispose();
}
