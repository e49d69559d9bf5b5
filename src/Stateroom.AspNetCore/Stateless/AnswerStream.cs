using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace Stateroom.AspNetCore.Stateless;

/// <summary>
/// The body of a response, as the SDK's transport writes it. What is said first decides the status, and whether there will be more: an answer that comes
/// alone goes out at once and whole, with its length; what begins with something else is a stream.
/// </summary>
[SuppressMessage("Reliability", "CA2213", Justification = "A semaphore whose wait handle nobody takes holds nothing to dispose of.")]
internal sealed class AnswerStream(HttpResponse response) : Stream
{
    private readonly SemaphoreSlim _order = new(1, 1);
    private volatile bool _answers;
    private volatile bool _streams;
    private bool _begun;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Takes note of a message that is about to be written.</summary>
    public void Expect(JsonRpcMessage message)
    {
        if (message is not (JsonRpcResponse or JsonRpcError))
        {
            _streams = true;
            return;
        }

        _answers = true;
        if (message is JsonRpcError { Error.Code: var code } && !_streams && !response.HasStarted)
        {
            response.StatusCode = StatusOf((McpErrorCode)code);
        }
    }

    /// <summary>Sends the headers of a response whose first message is still to come.</summary>
    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        await _order.WaitAsync(cancellationToken);
        try
        {
            if (!_begun)
            {
                _begun = true;
                await response.Body.FlushAsync(cancellationToken);
            }
        }
        finally
        {
            _order.Release();
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _order.WaitAsync(cancellationToken);
        try
        {
            if (!_begun && _answers && !_streams)
            {
                response.ContentLength = buffer.Length;
            }

            _begun = true;
            await response.Body.WriteAsync(buffer, cancellationToken);
        }
        finally
        {
            _order.Release();
        }
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

    /// <summary>The HTTP status of an error: MCP 2026-07-28, Transports.</summary>
    private int StatusOf(McpErrorCode code) => code switch
    {
        McpErrorCode.MethodNotFound => StatusCodes.Status404NotFound,
        McpErrorCode.MissingRequiredClientCapability or McpErrorCode.UnsupportedProtocolVersion or McpErrorCode.HeaderMismatch => StatusCodes.Status400BadRequest,
        _ => response.StatusCode,
    };
}
