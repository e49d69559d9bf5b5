using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Tests.Support;

namespace Stateroom.AspNetCore.Tests.Handshake;

/// <summary>Tools that end in every way in which one can.</summary>
internal sealed class DirectCallTools(Gates gates)
{
    private static int _asked;

    public static int Asked => Volatile.Read(ref _asked);

    [McpServerTool(Name = "served_by")]
    public static string ServedBy(McpServer server) => server.GetType().Name;

    [McpServerTool(Name = "told")]
    public static string Told(McpServer server, RequestContext<CallToolRequestParams> request, [System.ComponentModel.Description("Any")] string text = "") =>
        $"{server.ClientInfo?.Name} {server.ClientCapabilities?.Elicitation is not null} {server.NegotiatedProtocolVersion} {server.IsMrtrSupported} {server.SessionId is not null} "
        + $"{request.JsonRpcRequest.Params!["name"]} {request.Params.ProgressToken?.Token} {request.User is not null} {request.Services is not null} {text}";

    [McpServerTool(Name = "structured", UseStructuredContent = true)]
    public static Dictionary<string, string> Structured() => new() { ["city"] = "Zürich \"<&>\"", ["line"] = "\u2028" };

    [McpServerTool(Name = "nothing")]
    public static void Nothing()
    {
    }

    [McpServerTool(Name = "mcp_error")]
    public static string McpError() => throw new McpException("this is for the model");

    [McpServerTool(Name = "protocol_error")]
    public static string ProtocolError() => throw new McpProtocolException("this is for the client", McpErrorCode.InvalidParams) { Data = { ["member"] = "value" } };

    [McpServerTool(Name = "cancels")]
    public static string Cancels() => throw new OperationCanceledException();

    [McpServerTool(Name = "bad_result")]
    public static CallToolResult BadResult() => new() { Content = [new TextContentBlock { Text = "\ud800" }], IsError = false, StructuredContent = default(System.Text.Json.JsonElement) };

    [McpServerTool(Name = "undisposable")]
    public static string WithUndisposable(Undisposable service) => $"{service is not null}";

    /// <summary>Reports and then holds its thread until a gate opens.</summary>
    [McpServerTool(Name = "hold_thread")]
    public string HoldThread(string gate, bool report, IProgress<ProgressNotificationValue> progress)
    {
        if (report)
        {
            progress.Report(new() { Progress = 1 });
        }

#pragma warning disable xUnit1031 // To block is what it is for.
        gates.WaitAsync(gate, CancellationToken.None).GetAwaiter().GetResult();
#pragma warning restore xUnit1031
        return "held";
    }

    /// <summary>Asks in the way that serves both eras, and counts how often it is run.</summary>
    [McpServerTool(Name = "ask_by_exception")]
    public static string AskByException(RequestContext<CallToolRequestParams> request)
    {
        Interlocked.Increment(ref _asked);
        return request.Params.InputResponses?["name"] is { } answer
            ? $"answered {answer.RawValue.GetProperty("action")}"
            : throw new InputRequiredException(new InputRequiredResult
            {
                InputRequests = new Dictionary<string, InputRequest> { ["name"] = InputRequest.ForElicitation(new() { Message = "Who?", RequestedSchema = new() }) },
                RequestState = "state",
            });
    }
}

/// <summary>A service of a call that fails when the call is over.</summary>
internal sealed class Undisposable : IDisposable
{
    public void Dispose() => throw new McpException("It cannot be disposed of.");
}
