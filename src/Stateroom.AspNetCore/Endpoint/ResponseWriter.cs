using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol.Protocol;

namespace Stateroom.AspNetCore.Endpoint;

/// <summary>Writes a response from its result, without the tree that the SDK's message holds. One a thread, for one response at a time.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A writer to memory holds nothing else, and lives as long as its thread.")]
internal sealed class ResponseWriter
{
    // What large results need is not kept.
    private const int MaxKept = 32 * 1024;

    [ThreadStatic]
    private static ResponseWriter? _idle;

    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly Utf8JsonWriter _json;

    // No deeper than the SDK writes, and than clients read by default.
    private ResponseWriter() => _json = new(_buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true, MaxDepth = 64 });

    /// <summary>Writes a response.</summary>
    /// <typeparam name="T">What the result is.</typeparam>
    /// <param name="id">The request's id.</param>
    /// <param name="result">The result.</param>
    /// <param name="type">How it is written.</param>
    /// <param name="frame">What stands around it.</param>
    public static byte[] Write<T>(RequestId id, T result, JsonTypeInfo<T> type, ResponseFrame frame = default)
    {
        // Not there while it is in use, as a converter may write a response of its own.
        var writer = _idle ?? new();
        _idle = null;
        var written = writer.WriteResponse(id, result, type, frame);
        if (writer._buffer.Capacity <= MaxKept)
        {
            _idle = writer;
        }

        return written;
    }

    private byte[] WriteResponse<T>(RequestId id, T result, JsonTypeInfo<T> type, ResponseFrame frame)
    {
        _buffer.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteString("jsonrpc"u8, "2.0"u8);
        if (id.Id is long number)
        {
            _json.WriteNumber("id"u8, number);
        }
        else
        {
            _json.WriteString("id"u8, (string?)id.Id);
        }

        _json.WritePropertyName("result"u8);
        JsonSerializer.Serialize(_json, result, type);
        _json.Flush();
        return frame.Around(_buffer.WrittenSpan);
    }
}
