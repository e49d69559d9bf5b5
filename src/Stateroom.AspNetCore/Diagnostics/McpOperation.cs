using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace Stateroom.AspNetCore.Diagnostics;

/// <summary>One MCP request that is watched.</summary>
internal sealed class McpOperation(Histogram<double> duration, OperationName name, Activity? activity)
{
    private readonly long _begun = Stopwatch.GetTimestamp();

    /// <summary>What was answered, where it is noted before the end.</summary>
    public JsonRpcMessage? Response { get; set; }

    /// <summary>Ends it.</summary>
    /// <param name="response">What was answered; null if nothing was.</param>
    /// <param name="otherwise">The kind of error that it is if nothing was answered.</param>
    public void End(JsonRpcMessage? response, string otherwise = "cancelled")
    {
        var tags = name.Tags;
        if (ErrorOf(response, otherwise) is { } error)
        {
            tags.Add("error.type", error);
            activity?.SetTag("error.type", error).SetStatus(ActivityStatusCode.Error);
            if (response is JsonRpcError)
            {
                tags.Add("rpc.response.status_code", error);
                activity?.SetTag("rpc.response.status_code", error);
            }
        }

        duration.Record(Stopwatch.GetElapsedTime(_begun).TotalSeconds, tags);
        activity?.Dispose();
    }

    private static string? ErrorOf(JsonRpcMessage? response, string otherwise) => response switch
    {
        JsonRpcError { Error.Code: var code } => code.ToString(CultureInfo.InvariantCulture),
        JsonRpcResponse { Result: JsonObject result } when result["isError"] is JsonValue failed && failed.GetValueKind() == JsonValueKind.True => "tool_error",
        JsonRpcResponse { Result: JsonValue value } when value.TryGetValue(out CallToolResult? result) && result.IsError == true => "tool_error",
        JsonRpcResponse => null,
        _ => otherwise,
    };
}
