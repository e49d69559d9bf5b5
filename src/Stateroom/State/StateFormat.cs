using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Stateroom.Sessions;

namespace Stateroom.State;

/// <summary>How a type of state is stored: under which name, and as a JSON array of the format's number and the value, <c>[1,{…}]</c>.</summary>
internal sealed class StateFormat<T>(string name, JsonTypeInfo<T> typeInfo)
    where T : class
{
    private const int Version = 1;
    private static ReadOnlySpan<byte> Prefix => "[1,"u8;

    public string Name { get; } = name;

    public ReadOnlyMemory<byte> Write(T value)
    {
        // The serializer's own writer is pooled.
        var json = JsonSerializer.SerializeToUtf8Bytes(value, typeInfo);
        return (byte[])[.. Prefix, .. json, (byte)']'];
    }

    /// <exception cref="SessionStateFormatException">The entry is of a newer format, or not a <typeparamref name="T"/>.</exception>
    public T Read(StateEntry entry)
    {
        var data = entry.Data.Span;
        try
        {
            if (data.StartsWith(Prefix) && data[^1] == (byte)']')
            {
                return JsonSerializer.Deserialize(data[Prefix.Length..^1], typeInfo) ?? throw new JsonException("The value is null.");
            }
        }
        catch (JsonException exception)
        {
            throw new SessionStateFormatException(typeof(T), exception);
        }

        throw data is [(byte)'[', ..] && Utf8Parser.TryParse(data[1..], out int version, out _) && version > Version
            ? new SessionStateFormatException(typeof(T), version, Version)
            : new SessionStateFormatException(typeof(T), new JsonException("The value has no format number."));
    }
}
