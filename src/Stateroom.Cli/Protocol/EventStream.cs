using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Stateroom.Cli.Protocol;

/// <summary>Reads the messages of an answer that is an event stream.</summary>
internal static class EventStream
{
    public const string MediaType = "text/event-stream";

    public static async IAsyncEnumerable<(string Data, JsonObject Message)> ReadMessagesAsync(
        Stream stream, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellationToken))
        {
            if (item.Data.Length > 0 && Json.TryParseObject(item.Data) is { } message)
            {
                yield return (item.Data, message);
            }
        }
    }
}

/// <summary>Reads JSON that somebody else wrote.</summary>
internal static class Json
{
    /// <summary>Reads an object; null if the text is none.</summary>
    public static JsonObject? TryParseObject(string text) => TryParse(text) as JsonObject;

    /// <summary>Reads a value; null if the text is no JSON.</summary>
    public static JsonNode? TryParse(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
