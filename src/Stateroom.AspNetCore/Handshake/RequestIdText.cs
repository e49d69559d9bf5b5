using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>A request's id as JSON text, in which <c>1</c> and <c>"1"</c> differ, as they do in JSON-RPC.</summary>
internal static class RequestIdText
{
    /// <summary>The longest id that is taken, in UTF-16 characters.</summary>
    public const int MaxLength = 1024;

    public static string Of(RequestId id) => JsonSerializer.Serialize(id, McpJsonUtilities.DefaultOptions);

    /// <summary>Takes an id out of what a client sent.</summary>
    /// <returns>False if it cannot be an id.</returns>
    public static bool TryRead(JsonNode? node, out string id)
    {
        var isId = node is JsonValue value && ((value.TryGetValue(out string? text) && text.Length <= MaxLength) || value.TryGetValue(out long _));
        id = isId ? node!.ToJsonString() : string.Empty;
        return isId;
    }

    public static RequestId Parse(string text) => JsonSerializer.Deserialize<RequestId>(text, McpJsonUtilities.DefaultOptions);
}
