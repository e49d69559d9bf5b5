using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Stateroom.AspNetCore.Diagnostics;

/// <summary>Trace context in the <c>_meta</c> of a message: <c>traceparent</c> and <c>tracestate</c> of W3C Trace Context, as the semantic conventions for MCP have it.</summary>
internal static class TraceMeta
{
    private const string Meta = "_meta";
    private const string Parent = "traceparent";
    private const string State = "tracestate";

    // The longest that W3C Trace Context asks anybody to pass on (section 3.3.1.5).
    private const int LongestState = 512;

    /// <summary>The context that a message came with; null if it has none that can be read.</summary>
    public static ActivityContext? Read(JsonNode? parameters) =>
        parameters is JsonObject named && named[Meta] is JsonObject meta && Text(meta[Parent]) is { } parent
        && ActivityContext.TryParse(parent, Text(meta[State]) is { Length: <= LongestState } state ? state : null, isRemote: true, out var context)
            ? context
            : null;

    /// <summary>Gives a message the context of a span.</summary>
    public static void Write(JsonNode? parameters, Activity span)
    {
        if (parameters is not JsonObject named || span.IdFormat != ActivityIdFormat.W3C)
        {
            return;
        }

        if (named[Meta] is not JsonObject meta)
        {
            named[Meta] = meta = [];
        }

        meta[Parent] = span.Id;
        if (span.TraceStateString is { Length: > 0 } state)
        {
            meta[State] = state;
        }
    }

    private static string? Text(JsonNode? node) => node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
}
