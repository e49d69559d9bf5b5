using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace Stateroom.AspNetCore.Endpoint;

/// <summary>What the header <c>Mcp-Name</c> repeats of a stateless-era request: MCP 2026-07-28, Transports, Standard Headers.</summary>
internal static class RoutingName
{
    /// <summary>Whether it is text, or not there. The SDK compares it with the header before it looks at its type.</summary>
    public static bool IsTextOrAbsent(JsonRpcMessage message) => message switch
    {
        JsonRpcRequest request => IsTextOrAbsent(request.Method, request.Params),
        JsonRpcNotification notification => IsTextOrAbsent(notification.Method, notification.Params),
        _ => true,
    };

    private static bool IsTextOrAbsent(string method, JsonNode? parameters)
    {
        var member = method switch
        {
            RequestMethods.ToolsCall or RequestMethods.PromptsGet => "name",
            RequestMethods.ResourcesRead => "uri",
            _ => null,
        };
        return member is null || (parameters as JsonObject)?[member] is not { } name || name.GetValueKind() == JsonValueKind.String;
    }
}
