using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using Stateroom.AspNetCore.Handshake;

namespace Stateroom.AspNetCore.Endpoint;

/// <summary>JSON-RPC messages from and to UTF-8.</summary>
internal static class JsonRpc
{
    public const int SessionNotFound = -32001;

    // Bodies are application/json or text/event-stream, never HTML: quotes need no \u0022, which would cost six bytes each.
    private static readonly JsonSerializerOptions Options = new(McpJsonUtilities.DefaultOptions)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,

        // Of two members with one name, we might believe the first and a balancer or a handler the second.
        AllowDuplicateProperties = false,
    };

    private static readonly JsonTypeInfo<JsonRpcMessage> MessageType = (JsonTypeInfo<JsonRpcMessage>)Options.GetTypeInfo(typeof(JsonRpcMessage));

    public static byte[] Serialize(JsonRpcMessage message) => JsonSerializer.SerializeToUtf8Bytes(message, MessageType);

    /// <summary>Reads one message.</summary>
    /// <exception cref="JsonException">The bytes are not one JSON-RPC message.</exception>
    public static JsonRpcMessage Parse(ReadOnlySpan<byte> utf8) => Parse(utf8, out _);

    /// <summary>Reads one message.</summary>
    /// <param name="utf8">The message.</param>
    /// <param name="parameters">The parameters of a plain request, for who needs no tree of them; undefined otherwise.</param>
    /// <exception cref="JsonException">The bytes are not one JSON-RPC message.</exception>
    public static JsonRpcMessage Parse(ReadOnlySpan<byte> utf8, out JsonElement parameters)
    {
        try
        {
            RefuseBadText(utf8);
            return (RequestReader.TryRead(utf8, out parameters) ?? JsonSerializer.Deserialize(utf8, MessageType)) switch
            {
                null => throw new JsonException("The body is null."),

                // Passed on to the instance that asked, it would lack what makes it an answer.
                JsonRpcResponse { Result: null } or JsonRpcError { Error: null } => throw new JsonException("An answer has a result or an error that is not null."),

                // It is echoed, stored with streams and told to other instances.
                JsonRpcMessageWithId { Id.Id: string { Length: > RequestIdText.MaxLength } } => throw new JsonException($"An id has at most {RequestIdText.MaxLength} characters."),
                var message => message,
            };
        }
        catch (Exception e) when (e is FormatException or InvalidOperationException or ArgumentException)
        {
            // The SDK's converter meets values of the wrong type with whatever the reader throws.
            throw new JsonException("A member has a value of the wrong type.", e);
        }
    }

    /// <summary>JSON is read without a look at its text, so that bytes that are no UTF-8, and halves of surrogate pairs, would fail whoever asks for it later.</summary>
    private static void RefuseBadText(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
        {
            throw new JsonException("The body is not UTF-8.");
        }

        if (utf8.IndexOf("\\ud"u8) < 0 && utf8.IndexOf("\\uD"u8) < 0)
        {
            return;
        }

        var reader = new Utf8JsonReader(utf8);
        while (reader.Read())
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
            {
                reader.GetString();
            }
        }
    }

    /// <summary>Whether a body holds an array of messages.</summary>
    public static bool IsBatch(ReadOnlySpan<byte> utf8) => utf8.TrimStart(" \t\r\n"u8) is [(byte)'[', ..];

    /// <summary>Reads an array of messages.</summary>
    /// <exception cref="JsonException">The bytes are not an array of JSON-RPC messages.</exception>
    public static IReadOnlyList<JsonRpcMessage> ParseBatch(ReadOnlyMemory<byte> utf8)
    {
        using var document = JsonDocument.Parse(utf8);
        return [.. document.RootElement.EnumerateArray().Select(element => Parse(JsonMarshal.GetRawUtf8Value(element)))];
    }

    /// <summary>Looks at a body that is not a proper message, so that the error can say what is wrong and echo the id.</summary>
    public static (bool IsJson, RequestId Id) Inspect(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8);
            return (true, FindId(document.RootElement));
        }
        catch (JsonException)
        {
            return (false, default);
        }
    }

    private static RequestId FindId(JsonElement message)
    {
        try
        {
            return message.ValueKind == JsonValueKind.Object && message.TryGetProperty("id", out var id)
                ? id.ValueKind switch
                {
                    JsonValueKind.String => new RequestId(id.GetString()!),
                    JsonValueKind.Number when id.TryGetInt64(out var number) => new RequestId(number),
                    _ => default,
                }
                : default;
        }
        catch (InvalidOperationException)
        {
            // Text that is no Unicode cannot be echoed.
            return default;
        }
    }

    public static JsonRpcError Error(RequestId id, int code, string message) =>
        new() { Id = id, Error = new JsonRpcErrorDetail { Code = code, Message = message } };
}
