using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Protocol;
using Stateroom.AspNetCore.Diagnostics;
using Stateroom.AspNetCore.Endpoint;
using Stateroom.Sessions;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>Handles a POST to a session: a request, a notification, the answer to a question, or a batch of them.</summary>
internal sealed class MessageHandler(
    ISessionStore store,
    LiveSessions live,
    KnownClients clients,
    Dispatcher dispatcher,
    BatchHandler batches,
    StreamPump pump,
    StreamDelay delay,
    ILogger<MessageHandler> logger)
{
    /// <summary>Handles what was posted to a session.</summary>
    /// <param name="request">The request.</param>
    /// <param name="sent">What its body holds.</param>
    /// <param name="isBatch">Whether that is an array.</param>
    public async Task HandleAsync(HandshakeRequest request, IReadOnlyList<JsonRpcMessage> sent, bool isBatch)
    {
        var id = !isBatch && sent[0] is JsonRpcRequest { Id: var asked } ? asked : default;
        if (request.Claim is not { } claim)
        {
            if (!await request.Admission.RefusesAsync())
            {
                await (request.SentId.Length == 0 ? Reply.SessionIdNeededAsync(request.Context, id) : Reply.SessionNotFoundAsync(request.Context, id));
            }

            return;
        }

        // Entered before the look-up, so that an ending in between reaches the call.
        var place = live.Enter(claim.Key);
        try
        {
            if (request.Admission.IsDecided && await request.Admission.RefusesAsync())
            {
                return;
            }

            // Sent right behind a question to Redis whether the request may be served, in the same round trip.
            var looking = store.TouchAsync(claim, request.Context.RequestAborted);
            if (await request.Admission.RefusesAsync())
            {
                await ((Task)looking.AsTask()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            else if (await looking is { } session)
            {
                var found = new FoundSession(request, session, clients.Find(claim.Caller.Tenant, session.Client), place);
                await (isBatch ? new ValueTask(batches.HandleAsync(found, sent)) : OneAsync(found, sent[0]));
            }
            else
            {
                await Reply.SessionNotFoundAsync(request.Context, id);
            }
        }
        catch (SessionStoreUnavailableException e) when (!request.Context.Response.HasStarted)
        {
            await RefuseAsync(request.Context, id, e);
        }
        finally
        {
            live.Leave(place);
        }
    }

    private ValueTask OneAsync(FoundSession found, JsonRpcMessage message) => message switch
    {
        JsonRpcRequest call => CallAsync(found, call),
        JsonRpcNotification notification => AcceptAsync(found, dispatcher.NotifyAsync(found, notification, found.Request.Admission.Keep)),
        JsonRpcMessageWithId answer => AcceptAsync(found, dispatcher.AnswerAsync(found.Claim.Key, answer, found.Request.Context.RequestAborted)),
        _ => ValueTask.CompletedTask,
    };

    private static async ValueTask AcceptAsync(FoundSession found, Task handling)
    {
        await handling;
        found.Request.Context.Response.StatusCode = StatusCodes.Status202Accepted;
    }

    private ValueTask CallAsync(FoundSession found, JsonRpcRequest call)
    {
        var mayStream = found.Request.Accepts("text/event-stream");
        var mustStream = mayStream && !found.Request.Accepts("application/json");
        var exchange = dispatcher.Begin(found, call, mayStream, found.Request.Admission.Keep(), mustStream);

        // Waits already when the handler begins, which may hold this thread for as long as it likes.
        var answering = AnswerAsync(found, exchange, call);
        exchange.HoldsThread = true;
        dispatcher.Run(found, exchange);
        exchange.HoldsThread = false;
        return answering;
    }

    // The one part of most requests that waits, for what runs on its thread.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask AnswerAsync(FoundSession found, Exchange exchange, JsonRpcRequest call)
    {
        ExchangeOutcome outcome;
        delay.Begin(exchange);
        try
        {
            outcome = await exchange.Outcome;
        }
        catch (SessionStoreUnavailableException e)
        {
            await RefuseLateAsync(found, exchange, call, e);
            return;
        }
        finally
        {
            delay.End(exchange);
        }

        if (outcome == ExchangeOutcome.Response)
        {
            var context = found.Request.Context;
            using var body = exchange.TakeBody();
            await (body is null ? Reply.JsonAsync(context, StatusCodes.Status200OK, exchange.Response!) : Reply.BodyAsync(context, StatusCodes.Status200OK, body.Bytes));
        }
        else
        {
            await AnswerWithoutResponseAsync(found, exchange, call, outcome);
        }
    }

    private async Task AnswerWithoutResponseAsync(FoundSession found, Exchange exchange, JsonRpcRequest call, ExchangeOutcome outcome)
    {
        if (outcome is ExchangeOutcome.Cancelled or ExchangeOutcome.Ended)
        {
            // Not on the thread of whoever cancelled or ended it, which has others to tell.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        }

        var context = found.Request.Context;
        switch (outcome)
        {
            case ExchangeOutcome.Streaming:
                await LetGoAsync(exchange, context, () => StreamAsync(found, exchange.Stream));
                break;
            case ExchangeOutcome.Cancelled:
                // MCP 2025-11-25, Cancellation: no response is sent, and the client that withdrew the request waits for none.
                context.Response.StatusCode = StatusCodes.Status202Accepted;
                await LetGoAsync(exchange, context, static () => Task.CompletedTask);
                break;
            case ExchangeOutcome.Ended:
                await LetGoAsync(exchange, context, () => Reply.SessionNotFoundAsync(context, call.Id));
                break;
        }
    }

    private Task RefuseLateAsync(FoundSession found, Exchange exchange, JsonRpcRequest call, SessionStoreUnavailableException exception) =>
        LetGoAsync(exchange, found.Request.Context, () => RefuseAsync(found.Request.Context, call.Id, exception));

    /// <summary>
    /// Answers a request whose handler may go on. If that holds the thread, and with it the connection, the answer ends without it, and whoever sent the request is told to
    /// take another connection for the next.
    /// </summary>
    private static async Task LetGoAsync(Exchange exchange, HttpContext context, Func<Task> reply)
    {
        var isHeld = exchange.HoldsThread;
        if (isHeld && HttpProtocol.IsHttp11(context.Request.Protocol))
        {
            context.Response.Headers.Connection = "close";
        }

        await reply();
        if (isHeld && !context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.CompleteAsync();
        }
    }

    private Task RefuseAsync(HttpContext context, RequestId id, SessionStoreUnavailableException exception)
    {
        Log.StoreUnavailable(logger, exception);
        return Reply.StoreUnavailableAsync(context, id);
    }

    private async Task StreamAsync(FoundSession found, string stream)
    {
        var listener = new StreamListener(stream);
        found.Place.Add(listener);
        try
        {
            await pump.RunAsync(found.Request.Context, found.Claim, listener, after: 0, found.Client.Profile.ProtocolVersion);
        }
        finally
        {
            found.Place.Remove(listener);
        }
    }
}
