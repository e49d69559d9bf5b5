using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Stateroom.AspNetCore.Stateless;

/// <summary>
/// Checks that the header by which a load balancer routes names the session that the call names: MCP 2026-07-28, Transports, Server Validation.
/// The SDK checks only headers that the registered tools' own schemas ask for.
/// </summary>
internal static class HandleHeaderCheck
{
    private const string Header = "Mcp-Param-" + SessionHandle.HeaderName;

    /// <summary>Compares header and argument.</summary>
    /// <param name="request">The request that carried the call.</param>
    /// <param name="argument">The argument; null where it was left out.</param>
    /// <exception cref="McpProtocolException">They differ.</exception>
    public static void Validate(HttpRequest request, JsonElement? argument)
    {
        var named = request.Headers.TryGetValue(Header, out var values) ? McpHeaderEncoder.DecodeValue(values.ToString().Trim()) : null;
        var expected = argument is { } value ? McpHeaderEncoder.ConvertToHeaderValue(value) : null;
        if (values.Count == 0 && argument is not null)
        {
            throw Mismatch($"Missing required {Header} header for the argument '{SessionHandle.Argument}'.");
        }

        if (!string.Equals(named, expected is null ? null : McpHeaderEncoder.DecodeValue(expected), StringComparison.Ordinal))
        {
            throw Mismatch($"Header mismatch: {Header} header value does not match the argument '{SessionHandle.Argument}'.");
        }
    }

    private static McpProtocolException Mismatch(string message) => new(message, McpErrorCode.HeaderMismatch);
}
