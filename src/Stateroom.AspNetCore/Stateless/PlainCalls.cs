using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Endpoint;

namespace Stateroom.AspNetCore.Stateless;

/// <summary>
/// Knows the calls of tools about which the SDK's endpoint would find nothing to say before a server runs them: their headers are there, and repeat the body letter by
/// letter (MCP 2026-07-28, Transports, Standard Headers and Server Validation). It is meant to be narrow: whatever is written in another way, right or wrong, that endpoint judges.
/// </summary>
internal sealed class PlainCalls(IOptions<McpServerOptions> server, IOptions<HttpServerTransportOptions> transport)
{
    private static readonly JsonSerializerOptions _unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ConditionalWeakTable<McpServerTool, StrongBox<bool>> _known = [];

    /// <summary>Finds the tool of a plain call.</summary>
    /// <param name="http">The HTTP request.</param>
    /// <param name="request">The message.</param>
    /// <param name="sent">The parameters of a plain request, as they were sent.</param>
    /// <returns>The tool; null if it is no plain call.</returns>
    public McpServerTool? Find(HttpRequest http, JsonRpcRequest request, JsonElement sent) =>
        request.Method == RequestMethods.ToolsCall
        && sent.ValueKind == JsonValueKind.Object
        && IsLeftToUs
        && http.Headers[McpHeaders.ProtocolVersion] == ProtocolVersions.Stateless
        && http.Headers[McpHeaders.Method] == RequestMethods.ToolsCall
        && AcceptsBoth(http.Headers.Accept)
        && sent.TryGetProperty("_meta"u8, out var meta) && meta.ValueKind == JsonValueKind.Object
        && Has(meta, MetaKeys.ClientCapabilities, JsonValueKind.Object)
        && Has(meta, MetaKeys.ClientInfo, JsonValueKind.Object) // A server object remembers the last client that said who it is.
        && Has(meta, MetaKeys.ProtocolVersion, JsonValueKind.String, ProtocolVersions.Stateless)
        && http.Headers[McpHeaders.Name] is [{ } name]
        && Has(sent, "name", JsonValueKind.String, name)
        && server.Value.ToolCollection?.TryGetPrimitive(name, out var tool) == true
        && _known.GetValue(tool, static t => new(IsPlain(t.ProtocolTool))).Value
            ? tool
            : null;

    /// <summary>
    /// A host that has a hand in the server of each request is given one for each, and so is one with filters of messages of its own: what they do after a message has
    /// passed is waited for by the SDK's endpoint only.
    /// </summary>
    private bool IsLeftToUs =>
        transport.Value is { SessionMode: not HttpServerSessionMode.Stateful, ConfigureSessionOptions: null, RunSessionHandler: null }
        && server.Value is { ProtocolVersion: null or ProtocolVersions.Stateless, Filters.Message: { IncomingFilters.Count: 0, OutgoingFilters.Count: 1 } };

    /// <summary>Whether its calls have no headers but those that all have, which repeat its name as it is.</summary>
    private static bool IsPlain(Tool tool) =>
        tool.Name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.' or '/')
        && !JsonSerializer.Serialize(tool.InputSchema, _unescaped).Contains("x-mcp-header", StringComparison.Ordinal);

    private static bool Has(JsonElement parent, string name, JsonValueKind kind, string? text = null) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == kind && (text is null || value.ValueEquals(text));

    private static bool AcceptsBoth(StringValues accept)
    {
        var (json, events) = (false, false);
        foreach (var range in accept)
        {
            foreach (var part in range.AsSpan().Split(','))
            {
                var type = range.AsSpan()[part].Trim();
                json |= type is "application/json";
                events |= type is "text/event-stream";
            }
        }

        return json && events;
    }
}
