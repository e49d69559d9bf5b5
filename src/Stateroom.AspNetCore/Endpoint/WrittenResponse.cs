using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
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

    // No deeper than the SDK writes, and than clients read by default.
    private WrittenResponse() => _json = new(_buffer, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true, MaxDepth = 64 });

    /// <summary>What is to be sent. Not to be looked at any more when this was disposed of.</summary>
    public ReadOnlyMemory<byte> Bytes => _buffer.WrittenMemory;

    /// <summary>Writes a response.</summary>
    /// <param name="id">The request's id.</param>
    /// <param name="result">The result.</param>
    /// <param name="frame">What stands around it; null for nothing.</param>
    public static WrittenResponse Of(RequestId id, CallToolResult result, ResponseFrame? frame = null)
    {
        // One that fails on the way is let go.
        var response = _idle ?? new();
        _idle = null;
        response._isInUse = true;
        response.Write(id, result, frame);
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

    private void Write(RequestId id, CallToolResult result, ResponseFrame? frame)
    {
        _buffer.Write(frame is null ? default : frame.Before.Span);
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
        WriteResult(result, frame?.Note);
        _json.WriteEndObject();
        _json.Flush();
        _buffer.Write(frame is null ? default : frame.After.Span);
    }

    private void WriteResult(CallToolResult result, ResponseNote? note)
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

        WriteMeta(result.Meta, note);
        if (result.ResultType is { } kind)
        {
            _json.WriteString("resultType"u8, kind);
        }

        _json.WriteEndObject();
    }

    private void WriteMeta(JsonObject? meta, ResponseNote? note)
    {
        if (meta is null && note is null)
        {
            return;
        }

        _json.WriteStartObject("_meta"u8);
        if (meta is not null)
        {
            foreach (var (name, value) in meta)
            {
                if (name != note?.Key)
                {
                    _json.WritePropertyName(name);
                    WriteNode(value);
                }
            }
        }

        if (note is not null)
        {
            _json.WritePropertyName(note.Key);
            note.Value.WriteTo(_json);
        }

        _json.WriteEndObject();
    }

    private void WriteNode(JsonNode? node)
    {
        if (node is null)
        {
            _json.WriteNullValue();
        }
        else
        {
            node.WriteTo(_json, McpJsonUtilities.DefaultOptions);
        }
    }
}
