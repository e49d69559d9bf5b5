using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Tasks.Sources;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using Stateroom.AspNetCore.Endpoint;
using Stateroom.AspNetCore.Limits;
using Stateroom.Messaging;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>
/// One request of a client and all that its handler says until the response. It lives until the handler is done, whether or not the client still listens.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle nobody takes holds nothing to dispose of.")]
internal sealed class Exchange : StreamDelay.Entry, IHandlerRun, IValueTaskSource<ExchangeOutcome>
{
    // Whoever decides the outcome goes on as the HTTP side, never under a lock: an answer is written by the thread that made it.
    private ManualResetValueTaskSourceCore<ExchangeOutcome> _outcome;
    private bool _isDecided;
    private readonly ExchangeServices _services;
    private readonly Caller _caller;
    private HandlerEnd _end;

    // Made where they are needed, which they are not for most requests.
    private SemaphoreSlim? _order;
    private OpenQuestions? _questions;
    private RequestStream? _stream;
    private IPlaces? _places;
    private WrittenResponse? _body;
    private Task<bool>? _beginning;
    private volatile Phase _phase;
    private volatile bool _stopped;
    private volatile bool _holdsThread;

    public Exchange(ExchangeServices services, Caller caller, SessionKey session, JsonRpcRequest request, bool mayStream, IPlaces? places = null)
    {
        _services = services;
        _caller = caller;
        _places = places;
        Session = session;
        _beginning = mayStream ? null : Task.FromResult(false);
        Request = request;
        Call = new CallTransport(this);
        Host = new HandlerHost(this);
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

    /// <summary>The parameters of the request as they were sent; undefined where only the request itself holds them.</summary>
    public JsonElement Parameters { get; init; }

    /// <summary>Whether the handler holds the thread of its HTTP request, which it does until it first waits for something.</summary>
    public bool HoldsThread
    {
        get => _holdsThread;
        set => _holdsThread = value;
    }

    /// <summary>The session of the request.</summary>
    public SessionKey Session { get; }

    /// <summary>What the handler sends through.</summary>
    public CallTransport Call { get; }

    /// <summary>The name of the stream, once the outcome is <see cref="ExchangeOutcome.Streaming"/>.</summary>
    public string Stream => _stream!.Name;

    /// <summary>The response, when the outcome is <see cref="ExchangeOutcome.Response"/>.</summary>
    public JsonRpcMessageWithId? Response { get; private set; }

    /// <summary>What the handler responded, to one JSON body or to a stream; null as long as it has not.</summary>
    public JsonRpcMessageWithId? Answered { get; private set; }

    /// <summary>What runs the handler. Its lock guards the exchange, too.</summary>
    public HandlerHost Host { get; }

    /// <summary>Done as soon as it is clear how the HTTP side goes on, which waits for it once. Fails where the outbox did not answer.</summary>
    public ValueTask<ExchangeOutcome> Outcome => new(this, _outcome.Version);

    /// <summary>The server has answered what it was given before the request.</summary>
    public void OnPrepared() => Host.Deliver(Request);

    /// <summary>Makes the response an event stream, if it is not there yet and the client and the session allow one.</summary>
    /// <returns>Whether messages can be sent before the response.</returns>
    public Task<bool> BeginStreamAsync()
    {
        lock (Host)
        {
            return _beginning ??= _phase == Phase.Quiet ? BeginAsync() : Task.FromResult(false);
        }
    }

    /// <summary>What becomes of that shows in the outcome.</summary>
    public override void OnDue() => _ = BeginStreamAsync();

    public void Cancel() => Stop(ExchangeOutcome.Cancelled);

    public void End() => Stop(ExchangeOutcome.Ended);

    /// <summary>Done when the handler has run to its end.</summary>
    public Task Handled => _end.Task;

    /// <summary>Has the handler go on without its client: the questions that are open are answered with an error, the call itself may still respond.</summary>
    public void GiveUpQuestions()
    {
        foreach (var (id, _) in WithdrawQuestions())
        {
            Host.Deliver(JsonRpc.Error(id, (int)McpErrorCode.InternalError, "The server is stopping and can wait for its client no longer. Call again."));
        }
    }

    /// <summary>Closes the stream for its reader at this position; the client comes back for the rest.</summary>
    /// <returns>False where there is no stream that a client could come back to.</returns>
    public async ValueTask<bool> PauseAsync(TimeSpan retry, CancellationToken cancellationToken)
    {
        if (Request.Context?.ProtocolVersion is not { } version || !ProtocolVersions.AllowsEmptyEvents(version) || !await BeginStreamAsync() || _phase != Phase.Streaming)
        {
            return false;
        }

        var milliseconds = ((long)retry.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        await _stream!.AppendAsync(OutboxItemKind.Pause, Encoding.ASCII.GetBytes(milliseconds), cancellationToken);
        return true;
    }

    /// <summary>Says that the handler has run to its end. Without a response by then, there is none.</summary>
    public async Task CompleteAsync()
    {
        WithdrawQuestions();
        bool streamed;
        lock (Host)
        {
            streamed = _phase == Phase.Streaming;
            _phase = Phase.Over;
        }

        // One that was raised too late for anything.
        Host.Take()?.Stop();
        try
        {
            if (streamed)
            {
                await _stream!.AppendAsync(OutboxItemKind.End, default, CancellationToken.None);
            }
        }
        finally
        {
            Release();
            _end.Set();
        }
    }

    /// <summary>What a handler is told that asks its client too late.</summary>
    public static InvalidOperationException IsOver() => new("The request is finished; its client can no longer be asked.");

    /// <summary>Has the HTTP side go on with the response, or without one: the last that is done for a request here, as the next of its connection may follow on this thread.</summary>
    public void Announce() => Decide(Response is null ? ExchangeOutcome.Cancelled : ExchangeOutcome.Response);

    private async Task<bool> BeginAsync()
    {
        // Out of the lock in which this is called: with the outcome, the HTTP side goes on.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        RequestStream? stream;
        try
        {
            stream = await RequestStream.BeginAsync(_services, _caller, Session, Request.Id);
        }
        catch (SessionStoreUnavailableException e)
        {
            if (TryDecide())
            {
                _outcome.SetException(e);
            }

            throw;
        }

        if (stream is null)
        {
            return false;
        }

        bool streams;
        lock (Host)
        {
            streams = _phase == Phase.Quiet;
            if (streams)
            {
                _stream = stream;
                _phase = Phase.Streaming;
            }
        }

        if (streams)
        {
            Decide(ExchangeOutcome.Streaming);
            return true;
        }

        // The response, or the end, came meanwhile and needs no stream.
        stream.Release();
        await stream.AppendAsync(OutboxItemKind.End, default, CancellationToken.None);
        return false;
    }

    /// <summary>Gives back what the call held of its caller's limits: before the client has the response, so that what it sends next finds room.</summary>
    private void Release()
    {
        _stream?.Release();
        Interlocked.Exchange(ref _places, null)?.Release();
    }

    /// <summary><see cref="Response"/> as it goes out, where it was written already, for whoever asks first to send and dispose of.</summary>
    public WrittenResponse? TakeBody() => Interlocked.Exchange(ref _body, null);

    /// <summary>Sends the response of a handler that runs without a server of the SDK.</summary>
    /// <param name="response">The response.</param>
    /// <param name="body">The same as it goes out, where it was written already.</param>
    public Task RespondAsync(JsonRpcMessageWithId response, WrittenResponse? body)
    {
        _body = body;
        return SendAsync(response, CancellationToken.None);
    }

    /// <summary>Sends a message of the handler to the client.</summary>
    public async Task SendAsync(JsonRpcMessage message, CancellationToken cancellationToken)
    {
        var response = message is JsonRpcRequest ? null : message as JsonRpcMessageWithId;
        if (response is not null)
        {
            Answered = response;
            if (TryRespond(response))
            {
                return;
            }
        }

        // Progress is reported without waiting for it to be sent: what is said first goes first, also while the stream is being begun.
        var order = LazyInitializer.EnsureInitialized(ref _order, static () => new(1, 1));
        await order.WaitAsync(cancellationToken);
        try
        {
            await SendInTurnAsync(message, response, cancellationToken);
        }
        finally
        {
            order.Release();
            if (response is not null)
            {
                // Also where the outbox did not take it: the server object has nothing more to do.
                Host.Take()?.Stop();
            }
        }
    }

    private async Task SendInTurnAsync(JsonRpcMessage message, JsonRpcMessageWithId? response, CancellationToken cancellationToken)
    {
        // A response needs no stream, but does not overtake what made one begin.
        if (response is null || _beginning is not null)
        {
            await BeginStreamAsync();
        }

        switch (_phase)
        {
            case Phase.Quiet when response is not null && TryRespond(response):
                break;
            case Phase.Streaming when response is null || !_stopped:
                if (response is not null)
                {
                    Release();
                }

                if (Readdress(message) is { } readdressed)
                {
                    await _stream!.AppendAsync(OutboxItemKind.Message, JsonRpc.Serialize(readdressed), cancellationToken);
                }

                break;
            case Phase.Quiet:
                RefuseWhereNothingStreams(message);
                break;
            case Phase.Over when message is JsonRpcRequest:
                throw IsOver();
        }
    }

    private bool TryRespond(JsonRpcMessageWithId response)
    {
        lock (Host)
        {
            if (_phase != Phase.Quiet || _beginning is { IsCompleted: false })
            {
                return false;
            }

            _phase = Phase.Over;
            Response = response;
        }

        Release();

        // It said nothing but the response: the handler is done, and the server as it was before.
        Host.Take()?.Release();
        Host.OnServed();
        return true;
    }

    /// <summary>Withdraws all questions to the client, of which there will be no more.</summary>
    private IReadOnlyList<(RequestId OriginalId, JsonRpcNotification Withdrawal)> WithdrawQuestions() =>
        Interlocked.CompareExchange(ref _questions, OpenQuestions.None, null)?.WithdrawAll() ?? [];

    /// <summary>Where nothing can be sent before the response, the client's questions are answered for it, and notifications are left out.</summary>
    private void RefuseWhereNothingStreams(JsonRpcMessage message)
    {
        if (message is JsonRpcRequest question)
        {
            Host.Deliver(JsonRpc.Error(question.Id, (int)McpErrorCode.InvalidRequest, "The client cannot be asked: it accepts no event stream, or its session has too many open."));
        }
    }

    /// <summary>The message with the ids under which the client knows questions; null if it need not go out.</summary>
    private JsonRpcMessage? Readdress(JsonRpcMessage message) => message switch
    {
        JsonRpcRequest question => LazyInitializer.EnsureInitialized(ref _questions, () => new(_services.Questions, Session, this)).Ask(question),
        JsonRpcNotification { Method: NotificationMethods.CancelledNotification, Params: JsonObject withdrawn } => _questions?.Withdraw(withdrawn),
        _ => message,
    };

    private void Stop(ExchangeOutcome outcome)
    {
        bool streaming;
        lock (Host)
        {
            _stopped = true;
            if (_phase == Phase.Quiet || outcome == ExchangeOutcome.Ended)
            {
                // Whatever the handler still says is for nobody; an ended session's streams are gone and must not come back.
                _phase = Phase.Over;
            }

            streaming = _phase == Phase.Streaming;
        }

        Host.Close();
        Decide(outcome);
        _ = StopAsync(streaming);
    }

    /// <summary>
    /// A handler that waits for its client without heeding its token would wait for ever, and the server object with it:
    /// its questions are withdrawn and answered first, and the token is cancelled when the answers have been read.
    /// </summary>
    private async Task StopAsync(bool streaming)
    {
        var open = WithdrawQuestions();
        if (streaming)
        {
            await TellWithdrawnAsync(open);
        }

        foreach (var (id, _) in open)
        {
            Host.Deliver(JsonRpc.Error(id, (int)McpErrorCode.InvalidRequest, "The request was cancelled."));
        }

        await Host.CancelAsync();
    }

    private async Task TellWithdrawnAsync(IEnumerable<(RequestId Id, JsonRpcNotification Withdrawal)> questions)
    {
        try
        {
            foreach (var (_, withdrawal) in questions)
            {
                await _stream!.AppendAsync(OutboxItemKind.Message, JsonRpc.Serialize(withdrawal), CancellationToken.None);
            }
        }
        catch (SessionStoreUnavailableException)
        {
            // The client may go on asking its user in vain; its answer will be ignored.
        }
    }

    private void Decide(ExchangeOutcome outcome)
    {
        if (TryDecide())
        {
            _outcome.SetResult(outcome);
        }
    }

    private bool TryDecide() => !Interlocked.Exchange(ref _isDecided, true);

    ExchangeOutcome IValueTaskSource<ExchangeOutcome>.GetResult(short token) => _outcome.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<ExchangeOutcome>.GetStatus(short token) => _outcome.GetStatus(token);

    void IValueTaskSource<ExchangeOutcome>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _outcome.OnCompleted(continuation, state, token, flags);
}
