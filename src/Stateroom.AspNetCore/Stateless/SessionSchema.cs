using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;
using Stateroom.Sessions;

namespace Stateroom.AspNetCore.Stateless;

/// <summary>Gives tools the property <c>session</c>: copies of them, made once, since the originals stay as their authors wrote them.</summary>
internal sealed class SessionSchema(IOptions<SessionOptions> options)
{
    /// <summary>MCP 2026-07-28, Server features, Tools: the model should see how long a handle is good before it decides to make one.</summary>
    private readonly string _description =
        "Handle of the session that this call belongs to: pass back the one that an earlier result gave. Leave it out to begin a new session. "
        + $"A session that is not used for {Words.Of(options.Value.IdleTimeout)} is gone.";

    private readonly ConditionalWeakTable<Tool, Tool> _plain = [];
    private readonly ConditionalWeakTable<Tool, Tool> _mirrored = [];

    /// <summary>The tool as a stateless-era client sees it.</summary>
    /// <param name="tool">The tool as its author wrote it.</param>
    /// <param name="mirrored">Whether clients are to repeat the handle in a header.</param>
    /// <exception cref="InvalidOperationException">The tool has a property of that name already.</exception>
    public Tool Of(Tool tool, bool mirrored) =>
        mirrored ? _mirrored.GetValue(tool, t => Extend(t, true)) : _plain.GetValue(tool, t => Extend(t, false));

    private Tool Extend(Tool tool, bool mirrored)
    {
        var schema = JsonObject.Create(tool.InputSchema)!;
        if (schema["properties"] is not JsonObject properties)
        {
            schema["properties"] = properties = [];
        }

        if (properties.ContainsKey(SessionHandle.Argument))
        {
            throw new InvalidOperationException(
                $"The tool '{tool.Name}' has a property '{SessionHandle.Argument}' of its own, which is where clients pass the handle of a session. Rename the parameter.");
        }

        var property = new JsonObject { ["type"] = "string", ["description"] = _description };
        if (mirrored)
        {
            property["x-mcp-header"] = SessionHandle.HeaderName;
        }

        properties[SessionHandle.Argument] = property;
        return new Tool
        {
            Name = tool.Name,
            Title = tool.Title,
            Description = tool.Description,
            InputSchema = JsonSerializer.SerializeToElement(schema),
            OutputSchema = tool.OutputSchema,
            Annotations = tool.Annotations,
            Icons = tool.Icons,
            Meta = tool.Meta,
        };
    }
}
