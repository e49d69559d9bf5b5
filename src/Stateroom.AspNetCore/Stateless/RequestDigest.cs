using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using ModelContextProtocol.Protocol;
using Stateroom.State;

namespace Stateroom.AspNetCore.Stateless;

/// <summary>A digest of who asks for what: equal for a request and its retry, different for any other.</summary>
internal static class RequestDigest
{
    /// <summary>Digests the caller, the method and all parameters but those that a retry changes. The order of properties does not count.</summary>
    public static byte[] Of(JsonRpcRequest request, SessionContext context)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            writer.WriteStringValue(context.Caller.Tenant.Value);
            writer.WriteStringValue(context.Caller.Owner);
            writer.WriteBooleanValue(context.Caller.IsAnonymous);
            writer.WriteNumberValue((int)context.Era);
            writer.WriteStringValue(request.Method);
            Write(writer, JsonSerializer.SerializeToElement(request.Params), static p => p is not ("_meta" or "inputResponses" or "requestState"));
            writer.WriteEndArray();
        }

        return SHA256.HashData(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter writer, JsonElement value, Func<string, bool> counts)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in value.EnumerateObject().Where(p => counts(p.Name)).OrderBy(p => p.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(property.Name);
                    Write(writer, property.Value, static _ => true);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Write(writer, item, static _ => true);
                }

                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
