using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Stateroom.AspNetCore.Endpoint;

/// <summary>
/// The response to a call of a tool, written from its result, without the tree that the SDK's message holds and member by member, as the serializer would make a stack for what is
/// nested. When it is sent, whoever sent it gives its memory back for another.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A writer to memory holds nothing else, and lives as long as its thread.")]
internal sealed class WrittenResponse : IDisposable
{
    // No memory is used again that is not copied at once when the response is sent.
    private const int MaxKept = Reply.MaxAtOnce;

    [ThreadStatic]
    private static WrittenResponse? _idle;

    private static readonly JsonTypeInfo<ContentBlock> _block = (JsonTypeInfo<ContentBlock>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(ContentBlock));

    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly Utf8JsonWriter _json;
    private bool _isInUse;

    private WrittenResponse() => _json = new(_buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    /// <summary>What is to be sent. Not to be looked at any more when this was disposed of.</summary>
    public ReadOnlyMemory<byte> Bytes => _buffer.WrittenMemory;

    /// <summary>Writes a response.</summary>
    /// <param name="id">The request's id.</param>
    /// <param name="result">The result.</param>
    public static WrittenResponse Of(RequestId id, CallToolResult result)
    {
        // One that fails on the way is let go.
        var response = _idle ?? new();
        _idle = null;
        response._isInUse = true;
        response.Write(id, result);
        return response;
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        if (_isInUse && _buffer.Capacity <= MaxKept)
        {
            _isInUse = false;
            _buffer.ResetWrittenCount();
            _json.Reset();
            _idle = this;
        }
    }

    private void Write(RequestId id, CallToolResult result)
    {
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
        WriteResult(result);
        _json.WriteEndObject();
        _json.Flush();
    }

    private void WriteResult(CallToolResult result)
    {
        _json.WriteStartObject();
        if (result.Content is { } content)
        {
            _json.WriteStartArray("content"u8);
            for (var i = 0; i < content.Count; i++)
            {
                JsonSerializer.Serialize(_json, content[i], _block);
            }

            _json.WriteEndArray();
        }

        if (result.StructuredContent is { } structured)
        {
            _json.WritePropertyName("structuredContent"u8);
            structured.WriteTo(_json);
        }

        if (result.IsError is { } isError)
        {
            _json.WriteBoolean("isError"u8, isError);
        }

        if (result.Meta is { } meta)
        {
            _json.WritePropertyName("_meta"u8);
            meta.WriteTo(_json, McpJsonUtilities.DefaultOptions);
        }

        if (result.ResultType is { } kind)
        {
            _json.WriteString("resultType"u8, kind);
        }

        _json.WriteEndObject();
    }
}
