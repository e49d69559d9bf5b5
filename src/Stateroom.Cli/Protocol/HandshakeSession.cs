using System.Net;
using System.Text.Json.Nodes;

namespace Stateroom.Cli.Protocol;

/// <summary>Sessions of the handshake era.</summary>
internal sealed class HandshakeSessions(McpEndpoint endpoint) : IMcpSessions
{
    private const string Latest = "2025-11-25";

    public Era Era => Era.Handshake;

    public async Task<(IMcpSession? Session, Answer Answer)> OpenAsync(string token, CancellationToken cancellationToken)
    {
        var parameters = new JsonObject
        {
            ["protocolVersion"] = Latest,
            ["capabilities"] = new JsonObject { ["elicitation"] = new JsonObject() },
            ["clientInfo"] = new JsonObject { ["name"] = "stateroom", ["version"] = "1" },
        };
        var answer = await endpoint.SendAsync(HttpMethod.Post, token, [], JsonRpc.Request(0, "initialize", parameters), null, cancellationToken);
        if (answer is not { IsOk: true, SessionId: { Length: > 0 } id })
        {
            return (null, answer);
        }

        var session = new HandshakeSession(endpoint, token, id, (string?)answer.Result?["protocolVersion"] ?? Latest);
        await session.SendAsync(HttpMethod.Post, JsonRpc.Notification("notifications/initialized"), null, cancellationToken);
        return (session, answer);
    }

    public IMcpSession Use(string token, string id) => new HandshakeSession(endpoint, token, id, Latest);

    /// <summary>MCP 2025-11-25, Transports, Session Management: 404 to any request of a session that is no more.</summary>
    public bool IsGone(Answer answer) => answer.Status == (int)HttpStatusCode.NotFound;
}

/// <summary>A session that a header names.</summary>
internal sealed class HandshakeSession(McpEndpoint endpoint, string token, string id, string version) : IMcpSession
{
    private const int MaxAttempts = 20;
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(200);

    private long _lastId;

    public string Id => id;

    public string Token => token;

    public Task<Answer> CallAsync(ToolCall call, Answerer? answerer, long? requestId, CancellationToken cancellationToken)
    {
        var parameters = new JsonObject { ["name"] = call.Tool, ["arguments"] = call.Arguments.DeepClone() };
        return SendAsync(
            HttpMethod.Post,
            JsonRpc.Request(requestId ?? Interlocked.Increment(ref _lastId), "tools/call", parameters),
            request => AnswerAsync(request, answerer, cancellationToken),
            cancellationToken);
    }

    public Task<Answer> AnswerAsync(ToolCall call, Question question, JsonObject content, CancellationToken cancellationToken) => SendAsync(
        HttpMethod.Post,
        JsonRpc.Response(question.Id, new JsonObject { ["action"] = "accept", ["content"] = content.DeepClone() }),
        null,
        cancellationToken);

    public Task<Answer> EndAsync(CancellationToken cancellationToken) => SendAsync(HttpMethod.Delete, null, null, cancellationToken);

    /// <summary>Sends anything in the name of this session.</summary>
    public Task<Answer> SendAsync(HttpMethod method, JsonObject? body, Func<JsonObject, Task>? onRequest, CancellationToken cancellationToken) =>
        endpoint.SendAsync(method, token, [("Mcp-Session-Id", id), ("MCP-Protocol-Version", version)], body, onRequest, cancellationToken);

    private async Task AnswerAsync(JsonObject request, Answerer? answerer, CancellationToken cancellationToken)
    {
        var content = (string?)request["method"] == "elicitation/create" && answerer is not null
            ? await answerer(new Question(request["id"], null, request["params"] as JsonObject ?? []), cancellationToken)
            : null;
        var result = content is null ? new JsonObject { ["action"] = "decline" } : new JsonObject { ["action"] = "accept", ["content"] = content };

        // The instance that takes the answer may be away while the one that asked waits.
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var answer = await SendAsync(HttpMethod.Post, JsonRpc.Response(request["id"], (string?)request["method"] == "ping" ? [] : result.DeepClone().AsObject()), null, cancellationToken);
            if (!answer.IsPassing)
            {
                return;
            }

            await Task.Delay(_pause, TimeProvider.System, cancellationToken);
        }
    }
}
