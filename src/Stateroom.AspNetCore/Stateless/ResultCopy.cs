using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace Stateroom.AspNetCore.Stateless;

/// <summary>Results with something added. The original may be shared between calls: it is left alone.</summary>
internal static class ResultCopy
{
    /// <summary>A result with other metadata, and more to read.</summary>
    public static CallToolResult With(CallToolResult result, JsonObject meta, params ReadOnlySpan<ContentBlock> more) => new()
    {
        Content = more.IsEmpty ? result.Content : [.. result.Content, .. more],
        StructuredContent = result.StructuredContent,
        IsError = result.IsError,
        ResultType = result.ResultType,
        Meta = meta,
    };

    /// <summary>Metadata of a result that can be added to.</summary>
    public static JsonObject MetaOf(CallToolResult result) => result.Meta?.DeepClone().AsObject() ?? [];
}
