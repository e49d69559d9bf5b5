using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using Stateroom.Sessions;

namespace Stateroom.AspNetCore.Stateless;

/// <summary>How a handle goes over the wire: an argument of a call, and a note on the result that first names it.</summary>
internal static class SessionHandle
{
    public const string Argument = "session";

    /// <summary>What <c>x-mcp-header</c> says, so that clients send the header <c>Mcp-Param-Session</c>.</summary>
    public const string HeaderName = "Session";

    public const string HandleKey = "stateroom/session";

    public const string IdleTimeoutKey = "stateroom/idleTimeoutSeconds";

    /// <summary>Finds the argument. A null stands for one that was left out, as in MCP 2026-07-28, Transports, Custom Headers.</summary>
    public static bool IsGiven([NotNullWhen(true)] IDictionary<string, JsonElement>? arguments, out JsonElement value)
    {
        value = default;
        return arguments is not null && arguments.TryGetValue(Argument, out value) && value.ValueKind != JsonValueKind.Null;
    }

    /// <summary>Reads the argument; null if it is no handle by its very form.</summary>
    public static string? Read(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && value.GetString() is { } text && SessionId.IsWellFormed(text) ? text : null;

    /// <summary>What everybody hears whose handle leads nowhere, whatever the reason: it must not tell which handles exist.</summary>
    public static CallToolResult NotFound() =>
        ToolErrors.Of($"There is no such session: it has expired or was ended. Call again without the argument {Argument} to begin a new one.");

    /// <summary>The result with the handle of the session that the call opened, in words and as metadata. The original may be shared between calls: it is left alone.</summary>
    public static CallToolResult Announce(CallToolResult result, SessionRecord session, TimeSpan idleTimeout)
    {
        var meta = result.Meta?.DeepClone().AsObject() ?? [];
        meta[HandleKey] = session.Key.Id;
        meta[IdleTimeoutKey] = JsonValue.Create((long)idleTimeout.TotalSeconds);
        var words = $"This call began a session with the handle {session.Key.Id}. Pass it as the argument {Argument} in later calls to stay in that session; unused for {Words.Of(idleTimeout)}, it is gone.";
        return new CallToolResult
        {
            Content = [.. result.Content, new TextContentBlock { Text = words }],
            StructuredContent = result.StructuredContent,
            IsError = result.IsError,
            ResultType = result.ResultType,
            Meta = meta,
        };
    }
}
