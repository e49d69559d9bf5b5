using System.Text.Json;
using Stateroom.Encryption;

namespace Stateroom.Messaging;

/// <summary>Tells the messages that somebody waits for from all others: an outbox never trims them.</summary>
internal static class JsonRpcShape
{
    /// <summary>Whether a message is a response to the client's request or a question to the client: it has an id, as no notification does.</summary>
    /// <param name="message">The message, UTF-8 or encrypted.</param>
    public static bool IsAwaited(ReadOnlySpan<byte> message)
    {
        if (SealedContent.IsSealed(message))
        {
            return SealedContent.IsAwaited(message);
        }

        try
        {
            var reader = new Utf8JsonReader(message);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("id"u8))
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
