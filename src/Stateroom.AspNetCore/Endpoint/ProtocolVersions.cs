using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace Stateroom.AspNetCore.Endpoint;

/// <summary>The revisions of MCP that have a handshake, a list that is complete.</summary>
internal static class ProtocolVersions
{
    public const string Latest = November2025;

    /// <summary>The one revision in which a POST may hold an array of messages.</summary>
    public const string WithBatches = "2025-03-26";

    /// <summary>The first revision without a handshake.</summary>
    public const string Stateless = "2026-07-28";

    private const string November2025 = "2025-11-25";

    public static bool IsHandshake(string version) =>
        version is "2024-11-05" or WithBatches or "2025-06-18" or November2025;

    /// <summary>Clients before 2025-11-25 may fail on an event without data.</summary>
    public static bool AllowsEmptyEvents(string version) => string.CompareOrdinal(version, November2025) >= 0;

    /// <summary>The revision that a message declares in its <c>_meta</c>, as those of the stateless era do.</summary>
    /// <param name="message">The message.</param>
    /// <param name="parameters">Its parameters as they were sent, where it is a request.</param>
    /// <returns>The revision; empty text if what is there is not text; null if there is nothing.</returns>
    public static string? DeclaredBy(JsonRpcMessage message, JsonElement parameters)
    {
        if (parameters.ValueKind == JsonValueKind.Object)
        {
            return JsonMembers.TryFind(parameters, "_meta"u8, out var sent) && sent.ValueKind == JsonValueKind.Object && JsonMembers.TryFind(sent, "io.modelcontextprotocol/protocolVersion"u8, out var named)
                ? named.ValueKind == JsonValueKind.String ? named.GetString() : string.Empty
                : null;
        }

        var otherwise = message switch
        {
            JsonRpcRequest request => request.Params,
            JsonRpcNotification notification => notification.Params,
            _ => null,
        };
        return otherwise is JsonObject members && members["_meta"] is JsonObject meta && meta.TryGetPropertyValue(MetaKeys.ProtocolVersion, out var declared)
            ? declared is JsonValue value && value.TryGetValue(out string? version) ? version : string.Empty
            : null;
    }
}
