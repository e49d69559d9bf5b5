using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>A request's id as JSON text, in which <c>1</c> and <c>"1"</c> differ, as they do in JSON-RPC.</summary>
internal static class RequestIdText
{
    public static string Of(RequestId id) => JsonSerializer.Serialize(id, McpJsonUtilities.DefaultOptions);

    public static RequestId Parse(string text) => JsonSerializer.Deserialize<RequestId>(text, McpJsonUtilities.DefaultOptions);
}
