using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Endpoint;

namespace Stateroom.AspNetCore.Stateless.Direct;

/// <summary>Results say which server they are of: MCP 2026-07-28, Basic Protocol, <c>_meta</c>.</summary>
internal sealed class ServerIdentity
{
    private static readonly byte[] _before = [.. "event: message\ndata: "u8];
    private static readonly byte[] _after = [.. "\n\n"u8];

    private readonly JsonElement _server;

    public ServerIdentity(McpServerOptions options)
    {
        // The SDK's own words for a server that was given no name.
        var unnamed = (Assembly.GetEntryAssembly() ?? typeof(McpServer).Assembly).GetName();
        var server = options.ServerInfo ?? new() { Name = unnamed.Name ?? nameof(McpServer), Version = unnamed.Version?.ToString() ?? "1.0.0" };
        _server = JsonSerializer.SerializeToElement(server, McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(Implementation)));
        Frame = new(_before, new(MetaKeys.ServerInfo, _server), _after);
    }

    /// <summary>Makes the response of a result an event that says it.</summary>
    public ResponseFrame Frame { get; }

    /// <summary>The event of a response whose result is a tree, which is made to say it.</summary>
    public byte[] Write(JsonRpcResponse response)
    {
        if (response.Result is JsonObject result)
        {
            if (result["_meta"] is not JsonObject meta)
            {
                result["_meta"] = meta = [];
            }

            meta[MetaKeys.ServerInfo] = JsonObject.Create(_server);
        }

        return Write((JsonRpcMessage)response);
    }

    /// <summary>The event of a message.</summary>
    public static byte[] Write(JsonRpcMessage message) => [.. _before, .. JsonRpc.Serialize(message), .. _after];
}
