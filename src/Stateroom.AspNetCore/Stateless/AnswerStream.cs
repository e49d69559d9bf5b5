using Microsoft.AspNetCore.Http;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Stateroom.AspNetCore.Stateless;

/// <summary>
/// The body of a response, as the SDK's transport writes it. What is said first decides the status, and whether there will be more: an answer that comes
/// alone goes out at once and whole, with its length unless it is an error; what begins with something else is a stream.
/// </summary>
internal sealed class AnswerStream(HttpResponse response, JsonRpcRequest request, CancellationToken aborted) : Stream
{
    private readonly Lock _lock = new();
    private volatile bool _answers;
    private volatile bool _fails;
    private volatile bool _streams;
    private volatile bool _begun;
    private Task _beginning = Task.CompletedTask;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Takes note of a message that is about to be written. What the handler of an earlier request says late is not for this response.</summary>
    public void Expect(JsonRpcMessage message)
    {
        if (message.Context?.RelatedTransport is not { } transport || transport != request.Context?.RelatedTransport)
        {
            return;
        }

        if (message is not (JsonRpcResponse or JsonRpcError))
        {
            _streams = true;
            return;
        }

        lock (_lock)
        {
            _answers = true;
            _fails = message is JsonRpcError;
            if (message is JsonRpcError { Error.Code: var code } && !_streams && !_begun)
            {
                response.StatusCode = StatusOf((McpErrorCode)code);
            }
        }
    }

    /// <summary>Sends the headers of a response whose first message is still to come. What becomes of that shows when the message is written.</summary>
    public void Begin()
    {
        lock (_lock)
        {
            if (!_begun)
            {
                _begun = true;
                _beginning = SendHeadersAsync();
            }
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            // Errors go out as the SDK's endpoint sends them, or a hidden tool, which is found here, would be told by its length from one that never existed, which is not.
            if (!_begun && _answers && !_fails && !_streams)
            {
                response.ContentLength = buffer.Length;
            }

            _begun = true;
        }

        return _beginning.IsCompletedSuccessfully ? response.Body.WriteAsync(buffer, cancellationToken) : WriteBehindHeadersAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>Before the first message there is nothing that could be sent, and behind the last the end of the response sends it.</summary>
    public override Task FlushAsync(CancellationToken cancellationToken) => _begun && !_answers ? response.Body.FlushAsync(cancellationToken) : Task.CompletedTask;

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Asynchronous also where it fails at once, as when the client has gone: a timer calls, and nobody above a timer catches anything.</summary>
    private async Task SendHeadersAsync() => await response.Body.FlushAsync(aborted);

    private async ValueTask WriteBehindHeadersAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        await _beginning;
        await response.Body.WriteAsync(buffer, cancellationToken);
    }

    /// <summary>The HTTP status of an error: MCP 2026-07-28, Transports.</summary>
    private int StatusOf(McpErrorCode code) => code switch
    {
        McpErrorCode.MethodNotFound => StatusCodes.Status404NotFound,
        McpErrorCode.MissingRequiredClientCapability or McpErrorCode.UnsupportedProtocolVersion or McpErrorCode.HeaderMismatch => StatusCodes.Status400BadRequest,
        _ => response.StatusCode,
    };
}
