using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;
using Stateroom.AspNetCore.Diagnostics;
using Stateroom.AspNetCore.Endpoint;
using Stateroom.Messaging;
using Stateroom.Sessions;
using Stateroom.State;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>Handles a POST to a session: a request, a notification or the answer to a question.</summary>
internal sealed class MessageHandler(
    ISessionStore store,
    ISessionBackplane backplane,
    LiveSessions live,
    Questions questions,
    HandshakeServerOptions server,
    ExchangeServices exchangeServices,
    ExchangeRunner runner,
    StreamPump pump,
    IOptions<SessionOptions> sessions,
    IOptions<SessionEndpointOptions> endpoint,
    TimeProvider time,
    ILogger<MessageHandler> logger)
{
    public async Task HandleAsync(HandshakeRequest request, JsonRpcMessage message)
    {
        var id = message is JsonRpcRequest { Id: var requestId } ? requestId : default;
        if (request.SentId.Length == 0)
        {
            await Reply.SessionIdNeededAsync(request.Context, id);
            return;
        }

        if (request.Claim is not { } claim)
        {
            await Reply.SessionNotFoundAsync(request.Context, id);
            return;
        }

        // Entered before the look-up, so that an ending in between reaches the call.
        var place = live.Enter(claim.Key);
        var handedOver = false;
        try
        {
            if (await store.TouchAsync(claim, request.Context.RequestAborted) is not { } session)
            {
                await Reply.SessionNotFoundAsync(request.Context, id);
                return;
            }

            switch (message)
            {
                case JsonRpcRequest call:
                    handedOver = true;
                    await CallAsync(request, claim, session, place, call);
                    break;
                case JsonRpcNotification notification:
                    await NotifyAsync(claim, session, notification, request.Context);
                    request.Context.Response.StatusCode = StatusCodes.Status202Accepted;
                    break;
                case JsonRpcMessageWithId answer:
                    await AnswerAsync(claim.Key, answer, request.Context.RequestAborted);
                    request.Context.Response.StatusCode = StatusCodes.Status202Accepted;
                    break;
            }
        }
        finally
        {
            if (!handedOver)
            {
                live.Leave(place);
            }
        }
    }

    private async Task CallAsync(HandshakeRequest request, SessionClaim claim, SessionRecord session, LiveSession place, JsonRpcRequest call)
    {
        var client = ClientProfile.Parse(session.Client);
        var exchange = Start(claim, session, place, client, call, request.Context, mayStream: request.Accepts("text/event-stream"));

        switch (await OutcomeAsync(exchange, request.Accepts("application/json")))
        {
            case ExchangeOutcome.Response:
                await Reply.JsonAsync(request.Context, StatusCodes.Status200OK, exchange.Response!);
                break;
            case ExchangeOutcome.Streaming:
                await StreamAsync(request.Context, claim, exchange.Stream, client.ProtocolVersion);
                break;
            case ExchangeOutcome.Cancelled:
                // MCP 2025-11-25, Cancellation: no response is sent, and the client that withdrew the request waits for none.
                request.Context.Response.StatusCode = StatusCodes.Status202Accepted;
                break;
            case ExchangeOutcome.Ended:
                await Reply.SessionNotFoundAsync(request.Context, call.Id);
                break;
        }
    }

    private async Task StreamAsync(HttpContext context, SessionClaim claim, string stream, string version)
    {
        var place = live.Enter(claim.Key);
        var listener = new StreamListener(stream);
        place.Add(listener);
        try
        {
            await pump.RunAsync(context, claim, listener, after: 0, version);
        }
        finally
        {
            place.Remove(listener);
            live.Leave(place);
        }
    }

    private async Task<ExchangeOutcome> OutcomeAsync(Exchange exchange, bool acceptsJson)
    {
        if (!acceptsJson)
        {
            await exchange.BeginStreamAsync();
        }

        try
        {
            return await exchange.Outcome.WaitAsync(endpoint.Value.StreamAfter, time);
        }
        catch (TimeoutException)
        {
            await exchange.BeginStreamAsync();
            return await exchange.Outcome;
        }
    }

    private Exchange Start(SessionClaim claim, SessionRecord session, LiveSession place, ClientProfile client, JsonRpcRequest call, HttpContext http, bool mayStream)
    {
        var exchange = new Exchange(exchangeServices, claim.Key, call, mayStream);
        call.Context = new JsonRpcMessageContext { ProtocolVersion = client.ProtocolVersion, User = http.User, RelatedTransport = exchange.Call };
        place.Add(exchange);
        runner.Start(exchange, client, Context(claim, session), () =>
        {
            place.Remove(exchange);
            live.Leave(place);
        });
        return exchange;
    }

    private SessionContext Context(SessionClaim claim, SessionRecord session) => new(store, sessions.Value, claim.Caller, claim.Era, session);

    private async Task NotifyAsync(SessionClaim claim, SessionRecord session, JsonRpcNotification notification, HttpContext http)
    {
        if (notification is { Method: NotificationMethods.CancelledNotification, Params: JsonObject parameters } && parameters["requestId"] is JsonValue id
            && id.GetValueKind() is JsonValueKind.String or JsonValueKind.Number)
        {
            await backplane.PublishAsync(new SessionSignal.Cancel(claim.Key, id.ToJsonString()), http.RequestAborted);
        }

        if (server.HandlesNotifications)
        {
            var client = ClientProfile.Parse(session.Client);
            notification.Context = new JsonRpcMessageContext { ProtocolVersion = client.ProtocolVersion, User = http.User };
            runner.Start(new NotificationTransport(claim.Key, notification), client, Context(claim, session));
        }
    }

    private async Task AnswerAsync(SessionKey session, JsonRpcMessageWithId answer, CancellationToken cancellationToken)
    {
        if (Questions.InstanceOf(answer.Id) is not { } instance)
        {
            Log.AnswerIgnored(logger);
        }
        else if (instance != backplane.InstanceId)
        {
            await backplane.PublishAsync(new SessionSignal.Answer(session, instance, answer.Id.ToString(), JsonRpc.Serialize(answer)), cancellationToken);
        }
        else if (!questions.TryAnswer(session, answer.Id.ToString(), answer))
        {
            Log.AnswerIgnored(logger);
        }
    }
}
