using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stateroom.Cli.Protocol;

namespace Stateroom.Cli.Verify.Profiles;

/// <summary>Follows JSON pointers (RFC 6901). Many tools put their JSON into a text: where a pointer goes on from a text, the text is read as JSON.</summary>
internal static class ResultPointer
{
    /// <summary>Finds what a pointer leads to; null where it leads nowhere.</summary>
    public static JsonNode? Read(JsonNode? node, string pointer)
    {
        foreach (var part in pointer.Split('/').Skip(1).Select(p => p.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)))
        {
            if (node is JsonValue value && value.TryGetValue<string>(out var text))
            {
                node = Json.TryParse(text);
            }

            node = node switch
            {
                JsonObject o => o[part],
                JsonArray a when int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < a.Count => a[index],
                _ => null,
            };
        }

        return node;
    }

    /// <summary>Reads a text, or a number as text.</summary>
    public static string? ReadText(JsonNode? node, string pointer) => Read(node, pointer) switch
    {
        JsonValue value when value.GetValueKind() is JsonValueKind.String => value.GetValue<string>(),
        JsonValue value => value.ToJsonString(),
        _ => null,
    };
}
