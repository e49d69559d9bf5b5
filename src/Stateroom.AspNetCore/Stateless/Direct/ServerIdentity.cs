using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Endpoint;

namespace Stateroom.AspNetCore.Stateless.Direct;

/// <summary>Writes results as events that say which server they are of: MCP 2026-07-28, Basic Protocol, <c>_meta</c>.</summary>
internal sealed class ServerIdentity
{
    private static readonly JsonTypeInfo<CallToolResult> _result = (JsonTypeInfo<CallToolResult>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(CallToolResult));
    private static readonly byte[] _before = [.. "event: message\ndata: "u8];
    private static readonly byte[] _after = [.. "\n\n"u8];
    private static readonly ResponseFrame _plain = new(_before, default, _after);

    private readonly JsonElement _server;
    private readonly ResponseFrame _frame;

    public ServerIdentity(McpServerOptions options)
    {
        // The SDK's own words for a server that was given no name.
        var unnamed = (Assembly.GetEntryAssembly() ?? typeof(McpServer).Assembly).GetName();
        var server = options.ServerInfo ?? new() { Name = unnamed.Name ?? nameof(McpServer), Version = unnamed.Version?.ToString() ?? "1.0.0" };
        _server = JsonSerializer.SerializeToElement(server, McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(Implementation)));
        _frame = new(_before, Encoding.UTF8.GetBytes($",\"_meta\":{{\"{MetaKeys.ServerInfo}\":{_server.GetRawText()}}}"), _after);
    }

    /// <summary>The event of a response.</summary>
    /// <param name="id">The request's id.</param>
    /// <param name="result">The result. What it holds may be shared between calls: it is left alone.</param>
    public byte[] Write(RequestId id, CallToolResult result) =>
        result.Meta is null ? ResponseWriter.Write(id, result, _result, _frame) : ResponseWriter.Write(id, WithServer(result), _result, _plain);

    /// <summary>The event of a message.</summary>
    public static byte[] Write(JsonRpcMessage message) => [.. _before, .. JsonRpc.Serialize(message), .. _after];

    /// <summary>Says it in a result that is a tree already.</summary>
    public JsonNode? Sign(JsonNode? result)
    {
        if (result is JsonObject members)
        {
            if (members["_meta"] is not JsonObject meta)
            {
                members["_meta"] = meta = [];
            }

            meta[MetaKeys.ServerInfo] = JsonObject.Create(_server);
        }

        return result;
    }

    private CallToolResult WithServer(CallToolResult result)
    {
        var whole = ResultCopy.MetaOf(result);
        whole[MetaKeys.ServerInfo] = JsonObject.Create(_server);
        return ResultCopy.With(result, whole);
    }
}
