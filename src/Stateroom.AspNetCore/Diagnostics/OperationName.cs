using System.Diagnostics;

namespace Stateroom.AspNetCore.Diagnostics;

/// <summary>What a request is called in metrics and spans, in names of this server alone.</summary>
/// <param name="Method">The method.</param>
/// <param name="Tool">The tool that is called, if one is.</param>
/// <param name="Prompt">The prompt that is asked for, if one is.</param>
/// <param name="Version">The revision of the protocol; null where none is agreed upon yet.</param>
internal readonly record struct OperationName(string Method, string? Tool, string? Prompt, string? Version)
{
    /// <summary>The name of its span.</summary>
    public string Span => (Tool ?? Prompt) is { } target ? $"{Method} {target}" : Method;

    public TagList Tags
    {
        get
        {
            var tags = new TagList { { "mcp.method.name", Method } };
            if (Tool is not null)
            {
                tags.Add("gen_ai.operation.name", "execute_tool");
                tags.Add("gen_ai.tool.name", Tool);
            }

            if (Prompt is not null)
            {
                tags.Add("gen_ai.prompt.name", Prompt);
            }

            if (Version is not null)
            {
                tags.Add("mcp.protocol.version", Version);
            }

            return tags;
        }
    }
}
