using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using ModelContextProtocol.Protocol;

namespace Stateroom.AspNetCore.Stateless.Direct;

/// <summary>What a tool sends through whose call is run without a server of the SDK: to the response of its own request, until that has its answer.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody takes holds nothing to dispose of.")]
internal sealed class AnswerTransport(AnswerStream answer, CancellationToken aborted) : ITransport
{
    private readonly Lock _lock = new();

    // Made by the first message, which most calls do not have.
    private SemaphoreSlim? _order;
    private bool _isOver;

    public string? SessionId => null;

    public ChannelReader<JsonRpcMessage> MessageReader => throw new NotSupportedException("This transport only sends.");

    /// <summary>Sends a message of the tool before its answer, one after the other.</summary>
    /// <exception cref="InvalidOperationException">It is a request, or comes too late.</exception>
    public async Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default)
    {
        if (message is not JsonRpcNotification)
        {
            throw NoRequests();
        }

        var order = Order();
        await order.WaitAsync(cancellationToken);
        try
        {
            if (_isOver)
            {
                throw IsOver();
            }

            if (aborted.IsCancellationRequested)
            {
                // Its client has gone or its credential has expired. A tool that does not heed that goes on, but is not heard, as at a server of the SDK.
                return;
            }

            answer.Expect(message);
            await answer.WriteAsync(ServerIdentity.Write(message), cancellationToken);
            await answer.FlushAsync(cancellationToken);
        }
        finally
        {
            order.Release();
        }
    }

    /// <summary>Lets nothing more be sent, once what is being sent is out.</summary>
    public async ValueTask CloseAsync()
    {
        SemaphoreSlim order;
        lock (_lock)
        {
            if (_order is null)
            {
                _isOver = true;
                return;
            }

            order = _order;
        }

        await order.WaitAsync();
        _isOver = true;
        order.Release();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>What a tool is told that asks its client in the way of the other era.</summary>
    public static InvalidOperationException NoRequests() =>
        new($"A client of this era is asked by {nameof(InputRequiredException)}; nothing but notifications can be sent to it before the answer.");

    private static InvalidOperationException IsOver() => new("The request is finished; nothing can be sent to its client any more.");

    private SemaphoreSlim Order()
    {
        lock (_lock)
        {
            return _isOver ? throw IsOver() : _order ??= new(1, 1);
        }
    }
}
