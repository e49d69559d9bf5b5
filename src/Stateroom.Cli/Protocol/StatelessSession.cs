using System.Text.Json.Nodes;
using Stateroom.Cli.Verify.Profiles;

namespace Stateroom.Cli.Protocol;

/// <summary>Sessions of the stateless era: a tool's result names them, and later calls pass the name back.</summary>
internal sealed class StatelessSessions(McpEndpoint endpoint, HandleProfile profile) : IMcpSessions
{
    private readonly HashSet<string> _gone = [];

    public Era Era => Era.Stateless;

    public async Task<(IMcpSession? Session, Answer Answer)> OpenAsync(string token, CancellationToken cancellationToken)
    {
        var opener = new StatelessSession(endpoint, profile, token, "");
        var answer = await opener.CallAsync(profile.Open.Call(), null, null, cancellationToken);
        return answer.IsOk && ResultPointer.ReadText(answer.Result, profile.Result) is { Length: > 0 } handle ? (Use(token, handle), answer) : (null, answer);
    }

    public IMcpSession Use(string token, string id) => new StatelessSession(endpoint, profile, token, id);

    /// <summary>Takes note of an answer to a handle that never was: the era has words for it, but no code.</summary>
    public void LearnGone(Answer answer)
    {
        if (answer.IsToolError)
        {
            lock (_gone)
            {
                _gone.Add(Words(answer));
            }
        }
    }

    public bool IsGone(Answer answer)
    {
        lock (_gone)
        {
            return answer.IsToolError && _gone.Contains(Words(answer));
        }
    }

    private static string Words(Answer answer) => answer.Result?["content"]?.ToJsonString() ?? "";
}

/// <summary>A session that an argument names.</summary>
internal sealed class StatelessSession(McpEndpoint endpoint, HandleProfile profile, string token, string handle) : IMcpSession
{
    private const string Revision = "2026-07-28";
    private const int MaxQuestions = 5;
    private long _lastId;

    public string Id => handle;

    public string Token => token;

    public async Task<Answer> CallAsync(ToolCall call, Answerer? answerer, long? requestId, CancellationToken cancellationToken)
    {
        var answer = await SendAsync(call, null, requestId, cancellationToken);
        for (var round = 0; round < MaxQuestions && (string?)answer.Result?["resultType"] == "input_required"; round++)
        {
            if (answerer is null)
            {
                return answer;
            }

            var responses = new JsonObject();
            foreach (var (key, request) in answer.Result["inputRequests"] as JsonObject ?? [])
            {
                var content = await answerer(new Question(answer.Result["requestState"], key, request?["params"] as JsonObject ?? []), cancellationToken);
                responses[key] = Response(content);
            }

            answer = await SendAsync(call, new() { ["inputResponses"] = responses, ["requestState"] = answer.Result["requestState"]?.DeepClone() }, null, cancellationToken);
        }

        return answer;
    }

    public Task<Answer> AnswerAsync(ToolCall call, Question question, JsonObject content, CancellationToken cancellationToken) => SendAsync(
        call,
        new() { ["inputResponses"] = new JsonObject { [question.Key!] = Response(content.DeepClone().AsObject()) }, ["requestState"] = question.Id?.DeepClone() },
        null,
        cancellationToken);

    public Task<Answer> EndAsync(CancellationToken cancellationToken) => SendAsync(profile.Close.Call(), null, null, cancellationToken);

    private static JsonObject Response(JsonObject? content) =>
        content is null ? new() { ["action"] = "decline" } : new() { ["action"] = "accept", ["content"] = content };

    private Task<Answer> SendAsync(ToolCall call, JsonObject? more, long? requestId, CancellationToken cancellationToken)
    {
        var arguments = call.Arguments.DeepClone().AsObject();
        if (handle.Length > 0)
        {
            arguments[profile.Argument] = handle;
        }

        var parameters = new JsonObject
        {
            ["name"] = call.Tool,
            ["arguments"] = arguments,
            ["_meta"] = new JsonObject
            {
                ["io.modelcontextprotocol/protocolVersion"] = Revision,
                ["io.modelcontextprotocol/clientInfo"] = new JsonObject { ["name"] = "stateroom", ["version"] = "1" },
                ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject { ["elicitation"] = new JsonObject() },
            },
        };
        foreach (var (key, value) in more ?? [])
        {
            parameters[key] = value?.DeepClone();
        }

        return endpoint.SendAsync(
            HttpMethod.Post,
            token,
            [("MCP-Protocol-Version", Revision), ("Mcp-Method", "tools/call"), ("Mcp-Name", call.Tool)],
            JsonRpc.Request(requestId ?? Interlocked.Increment(ref _lastId), "tools/call", parameters),
            null,
            cancellationToken);
    }
}
