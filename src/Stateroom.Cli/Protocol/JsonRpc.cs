using System.Text.Json.Nodes;

namespace Stateroom.Cli.Protocol;

/// <summary>Writes JSON-RPC messages.</summary>
internal static class JsonRpc
{
    public static JsonObject Request(long id, string method, JsonObject parameters) =>
        new() { ["jsonrpc"] = "2.0", ["id"] = id, ["method"] = method, ["params"] = parameters };

    public static JsonObject Notification(string method) => new() { ["jsonrpc"] = "2.0", ["method"] = method };

    public static JsonObject Response(JsonNode? id, JsonObject result) => new() { ["jsonrpc"] = "2.0", ["id"] = id?.DeepClone(), ["result"] = result };
}
