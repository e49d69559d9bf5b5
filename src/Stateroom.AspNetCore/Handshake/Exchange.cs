using System.Text.Json.Nodes;
using System.Threading.Channels;
using ModelContextProtocol.Protocol;
using Stateroom.AspNetCore.Endpoint;
using Stateroom.Messaging;
using Stateroom.Sessions;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>How the HTTP side of an exchange goes on.</summary>
internal enum ExchangeOutcome
{
    /// <summary>The response is there, and nothing came before it: one JSON body.</summary>
    Response,

    /// <summary>Messages come in the stream <see cref="Exchange.Stream"/>.</summary>
    Streaming,

    /// <summary>There will be no response: the client withdrew the request.</summary>
    Cancelled,

    /// <summary>There will be no response: the session ended.</summary>
    Ended,
}

/// <summary>
/// One request of a client and all that its handler says until the response. The SDK's server sees it as its transport; it lives until the handler is done,
/// whether or not the client still listens.
/// </summary>
internal sealed class Exchange : ITransport
{
    private readonly Channel<JsonRpcMessage> _incoming = Channel.CreateUnbounded<JsonRpcMessage>(new UnboundedChannelOptions { SingleReader = true });
    private readonly TaskCompletionSource<ExchangeOutcome> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _cancellation = new();
    private readonly SemaphoreSlim _order = new(1, 1);
    private readonly Dictionary<RequestId, string> _questions = [];
    private readonly Lock _lock = new();
    private readonly ExchangeServices _services;
    private readonly SessionKey _session;
    private readonly bool _mayStream;
    private volatile Phase _phase;

    public Exchange(ExchangeServices services, SessionKey session, JsonRpcRequest request, bool mayStream)
    {
        _services = services;
        _session = session;
        _mayStream = mayStream;
        Request = request;
        Call = new CallTransport(this);
    }

    private enum Phase
    {
        /// <summary>Nothing was sent yet: the response may be one JSON body.</summary>
        Quiet = 0,

        /// <summary>Messages go to the stream.</summary>
        Streaming,

        /// <summary>The response is out, or nobody waits for one; the handler may still run.</summary>
        Over,
    }

    public JsonRpcRequest Request { get; }

    /// <summary>What the handler itself sends through; what a server object sends of its own accord comes through the exchange.</summary>
    public CallTransport Call { get; }

    /// <summary>The name of the stream; empty before there is one.</summary>
    public string Stream { get; private set; } = "";

    /// <summary>The response, when the outcome is <see cref="ExchangeOutcome.Response"/>.</summary>
    public JsonRpcMessageWithId? Response { get; private set; }

    /// <summary>Done as soon as it is clear how the HTTP side goes on.</summary>
    public Task<ExchangeOutcome> Outcome => _outcome.Task;

    /// <summary>Cancelled when the handler is to stop.</summary>
    public CancellationToken Cancelled => _cancellation.Token;

    public string? SessionId => _session.Id;

    public ChannelReader<JsonRpcMessage> MessageReader => _incoming.Reader;

    /// <summary>Hands the server object a message of the client.</summary>
    public void Deliver(JsonRpcMessage message) => _incoming.Writer.TryWrite(message);

    /// <summary>Makes the response an event stream, if it is not there yet.</summary>
    public void BeginStream()
    {
        lock (_lock)
        {
            if (_phase == Phase.Quiet && _mayStream)
            {
                Stream = Sessions.SessionId.New()[..10];
                _phase = Phase.Streaming;
                _outcome.TrySetResult(ExchangeOutcome.Streaming);
            }
        }
    }

    public void Cancel() => Stop(ExchangeOutcome.Cancelled);

    public void End() => Stop(ExchangeOutcome.Ended);

    /// <summary>Closes the stream for its reader at this position; the client comes back for the rest.</summary>
    /// <returns>False where there is no stream that could be closed.</returns>
    public async ValueTask<bool> PauseAsync(TimeSpan retry, CancellationToken cancellationToken)
    {
        BeginStream();
        if (_phase != Phase.Streaming)
        {
            return false;
        }

        var milliseconds = ((long)retry.TotalMilliseconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
        await AppendAsync(OutboxItemKind.Pause, System.Text.Encoding.ASCII.GetBytes(milliseconds), cancellationToken);
        return true;
    }

    /// <summary>What the server object sends of its own accord. That a list has changed is told once and for all sessions by the notifier, not by each server that happens to be up.</summary>
    public Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default) =>
        message is JsonRpcNotification { Method: NotificationMethods.ToolListChangedNotification or NotificationMethods.PromptListChangedNotification or NotificationMethods.ResourceListChangedNotification }
            ? Task.CompletedTask
            : SendAsync(message, cancellationToken);

    /// <summary>Says that the handler has run to its end. Without a response by then, there is none.</summary>
    public async Task CompleteAsync()
    {
        WithdrawQuestions();
        var streamed = Close(Phase.Streaming);
        if (streamed)
        {
            await AppendAsync(OutboxItemKind.End, default, CancellationToken.None);
        }

        _outcome.TrySetResult(ExchangeOutcome.Cancelled);
    }

    // The token source has no timer and nobody asks for its wait handle: there is nothing to dispose of.
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    internal async Task SendAsync(JsonRpcMessage message, CancellationToken cancellationToken)
    {
        if (message is JsonRpcMessageWithId { Id: var id } and not JsonRpcRequest)
        {
            if (id == HandshakeServerOptions.ReplayId)
            {
                // The server knows its log level now; the client's own request may follow.
                Deliver(Request);
                return;
            }

            if (TryRespond((JsonRpcMessageWithId)message))
            {
                return;
            }
        }
        else
        {
            BeginStream();
        }

        switch (_phase)
        {
            case Phase.Streaming:
                await AppendAsync(OutboxItemKind.Message, JsonRpc.Serialize(Readdress(message)), cancellationToken);
                break;
            case Phase.Quiet:
                RefuseWhereNothingStreams(message);
                break;
            case Phase.Over when message is JsonRpcRequest:
                throw new InvalidOperationException("The request is finished; its client can no longer be asked.");
        }

        if (message is JsonRpcResponse or JsonRpcError)
        {
            _incoming.Writer.TryComplete();
        }
    }

    private bool TryRespond(JsonRpcMessageWithId response)
    {
        lock (_lock)
        {
            if (_phase != Phase.Quiet)
            {
                return false;
            }

            _phase = Phase.Over;
            Response = response;
            _outcome.TrySetResult(ExchangeOutcome.Response);
        }

        _incoming.Writer.TryComplete();
        return true;
    }

    /// <summary>A client that accepts JSON only cannot be sent anything before the response: its questions are answered for it, notifications are left out.</summary>
    private void RefuseWhereNothingStreams(JsonRpcMessage message)
    {
        if (message is JsonRpcRequest question)
        {
            Deliver(JsonRpc.Error(question.Id, (int)ModelContextProtocol.McpErrorCode.InvalidRequest, "The client accepts no event stream, so it cannot be asked."));
        }
    }

    private JsonRpcMessage Readdress(JsonRpcMessage message)
    {
        switch (message)
        {
            case JsonRpcRequest question:
                var id = _services.Questions.Ask(_session, this, question.Id);
                lock (_lock)
                {
                    _questions[question.Id] = id;
                }

                return new JsonRpcRequest { Id = new RequestId(id), Method = question.Method, Params = question.Params };
            case JsonRpcNotification { Method: NotificationMethods.CancelledNotification, Params: JsonObject withdrawn } notification:
                return Withdraw(notification, withdrawn);
            default:
                return message;
        }
    }

    /// <summary>The handler no longer waits for an answer: the client knows the question by our id.</summary>
    private JsonRpcNotification Withdraw(JsonRpcNotification notification, JsonObject parameters)
    {
        if (parameters["requestId"] is not { } node)
        {
            return notification;
        }

        string? id;
        lock (_lock)
        {
            if (!_questions.Remove(RequestIdText.Parse(node.ToJsonString()), out id))
            {
                return notification;
            }
        }

        _services.Questions.Withdraw(id);
        var copy = parameters.DeepClone().AsObject();
        copy["requestId"] = id;
        return new JsonRpcNotification { Method = notification.Method, Params = copy };
    }

    private async Task AppendAsync(OutboxItemKind kind, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        // Handlers may send in parallel; the stream has one order.
        await _order.WaitAsync(cancellationToken);
        try
        {
            await _services.Outbox.AppendAsync(_session, Stream, kind, data, cancellationToken);
        }
        finally
        {
            _order.Release();
        }

        await _services.Backplane.PublishAsync(new SessionSignal.Nudge(_session, Stream), cancellationToken);
    }

    private void Stop(ExchangeOutcome outcome)
    {
        RequestId[] waiting;
        lock (_lock)
        {
            waiting = [.. _questions.Keys];
            if (_phase == Phase.Quiet || outcome == ExchangeOutcome.Ended)
            {
                // Whatever the handler still says is for nobody; an ended session's streams are gone and must not come back.
                _phase = Phase.Over;
            }
        }

        _outcome.TrySetResult(outcome);

        // A handler that waits for its client without heeding its token would wait for ever, and the server object with it:
        // its questions are answered first, and the token is cancelled when the answers have been read.
        foreach (var id in waiting)
        {
            Deliver(JsonRpc.Error(id, (int)ModelContextProtocol.McpErrorCode.InvalidRequest, "The request was cancelled."));
        }

        _incoming.Writer.TryComplete();
        _ = CancelWhenReadAsync();
    }

    private async Task CancelWhenReadAsync()
    {
        await _incoming.Reader.Completion;
        await _cancellation.CancelAsync();
    }

    private bool Close(Phase expected)
    {
        lock (_lock)
        {
            var was = _phase;
            _phase = Phase.Over;
            return was == expected;
        }
    }

    private void WithdrawQuestions()
    {
        string[] open;
        lock (_lock)
        {
            open = [.. _questions.Values];
            _questions.Clear();
        }

        foreach (var id in open)
        {
            _services.Questions.Withdraw(id);
        }
    }

    /// <summary>The transport of the handler's own messages.</summary>
    internal sealed class CallTransport(Exchange exchange) : ITransport
    {
        public Exchange Exchange => exchange;

        public string? SessionId => exchange.SessionId;

        public ChannelReader<JsonRpcMessage> MessageReader => throw new NotSupportedException("This transport only sends.");

        public Task SendMessageAsync(JsonRpcMessage message, CancellationToken cancellationToken = default) => exchange.SendAsync(message, cancellationToken);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
