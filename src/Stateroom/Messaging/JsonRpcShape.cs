using System.Text.Json;

namespace Stateroom.Messaging;

/// <summary>Tells the messages that a request waits for from all others: an outbox never trims them.</summary>
internal static class JsonRpcShape
{
    /// <summary>Whether a message is a JSON-RPC response: it has a result or an error and no method.</summary>
    /// <param name="message">The message, UTF-8.</param>
    public static bool IsResponse(ReadOnlySpan<byte> message)
    {
        try
        {
            var reader = new Utf8JsonReader(message);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("method"u8))
                {
                    return false;
                }

                if (reader.ValueTextEquals("result"u8) || reader.ValueTextEquals("error"u8))
                {
                    return true;
                }

                reader.Skip();
            }

            return false;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
