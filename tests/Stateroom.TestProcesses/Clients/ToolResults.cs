using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace Stateroom.TestProcesses.Clients;

/// <summary>Reads what tools answer.</summary>
internal static class ToolResults
{
    public static string Text(CallToolResult result) => string.Join('\n', result.Content.OfType<TextContentBlock>().Select(block => block.Text));

    /// <summary>The JSON object of a result that is not an error: its structured content, or the one among its texts.</summary>
    public static JsonElement Value(CallToolResult result)
    {
        Assert.False(result.IsError is true, Text(result));
        if (result.StructuredContent is { } structured)
        {
            return structured;
        }

        var text = result.Content.OfType<TextContentBlock>().Select(block => block.Text).FirstOrDefault(text => text.StartsWith('{'));
        return text is null ? default : JsonElement.Parse(text);
    }

    /// <summary>The handle of the room that a call of the stateless era opened.</summary>
    public static string Handle(CallToolResult result)
    {
        Assert.NotNull(result.Meta);
        return result.Meta["stateroom/session"]!.GetValue<string>();
    }

    public static int ToolCallCount(this JsonElement info) => info.GetProperty("toolCallCount").GetInt32();

    public static string? PreferredUnits(this JsonElement info) => info.GetProperty("preferredUnits").GetString();
}
