using System.Runtime.CompilerServices;
using System.Text.Json;
using ModelContextProtocol.Server;

namespace Stateroom.Server.Tools;

/// <summary>What the input schema of a tool asks of arguments and the SDK does not look at. Read once for each tool.</summary>
internal sealed class ArgumentRules
{
    private static readonly ConditionalWeakTable<McpServerTool, ArgumentRules> _known = [];

    private readonly string[] _required;
    private readonly Listed[] _listed;

    private ArgumentRules(JsonElement schema)
    {
        _required = schema.TryGetProperty("required", out var required) ? [.. required.EnumerateArray().Select(name => name.GetString()!)] : [];
        _listed = schema.TryGetProperty("properties", out var properties)
            ? [.. properties.EnumerateObject().Where(property => property.Value.TryGetProperty("enum", out _)).Select(property => new Listed(property.Name, property.Value.GetProperty("enum")))]
            : [];
    }

    public static ArgumentRules Of(McpServerTool tool) => _known.GetValue(tool, static t => new(t.ProtocolTool.InputSchema));

    /// <summary>Says what is wrong with the arguments of a call, for whoever made it; null if nothing is.</summary>
    public string? FindFault(IDictionary<string, JsonElement>? arguments)
    {
        foreach (var name in _required)
        {
            if (arguments?.TryGetValue(name, out var value) != true || value.ValueKind is JsonValueKind.Null)
            {
                return $"The argument '{name}' is missing. Call again with it.";
            }
        }

        // The SDK would read numbers as the values that they stand for inside.
        foreach (var listed in _listed)
        {
            if (arguments?.TryGetValue(listed.Name, out var value) == true && !listed.Values.EnumerateArray().Any(item => JsonElement.DeepEquals(item, value)))
            {
                return $"The argument '{listed.Name}' is none of {string.Join(", ", listed.Values.EnumerateArray().Where(item => item.ValueKind is not JsonValueKind.Null))}. Call again with one of them.";
            }
        }

        return null;
    }

    /// <summary>An argument and the values that it may have.</summary>
    private readonly record struct Listed(string Name, JsonElement Values);
}
