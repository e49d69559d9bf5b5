using System.Buffers;
using System.Buffers.Text;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>Writes server-sent events, each with an id at which the stream can be resumed.</summary>
internal sealed class SseWriter(HttpContext context, string stream)
{
    private readonly PipeWriter _writer = context.Response.BodyWriter;

    public static void Begin(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache, no-store";

        // nginx buffers responses unless told so here.
        response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }

    public void WriteMessage(long position, ReadOnlySpan<byte> json)
    {
        WriteId(position);
        Write("event: message\ndata: "u8);
        Write(json);
        Write("\n\n"u8);
    }

    /// <summary>A message that is not part of the stream and does not move the client's position.</summary>
    public void WriteUnnumbered(ReadOnlySpan<byte> json)
    {
        Write("event: message\ndata: "u8);
        Write(json);
        Write("\n\n"u8);
    }

    /// <summary>An event without data, so that the client knows its position before there is anything to say.</summary>
    public void WritePosition(long position, ReadOnlySpan<byte> retryMilliseconds = default)
    {
        WriteId(position);
        if (!retryMilliseconds.IsEmpty)
        {
            Write("retry: "u8);
            Write(retryMilliseconds);
            Write("\n"u8);
        }

        Write("data: \n\n"u8);
    }

    public void WriteKeepAlive() => Write(": keep-alive\n\n"u8);

    public async Task FlushAsync(CancellationToken cancellationToken) => await _writer.FlushAsync(cancellationToken);

    private void WriteId(long position)
    {
        Write("id: "u8);
        Encoding.ASCII.GetBytes(stream, _writer);
        Write("."u8);
        var span = _writer.GetSpan(20);
        Utf8Formatter.TryFormat(position, span, out var written);
        _writer.Advance(written);
        Write("\n"u8);
    }

    private void Write(ReadOnlySpan<byte> bytes) => _writer.Write(bytes);
}
