using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Protocol;
using Stateroom.AspNetCore.Diagnostics;
using Stateroom.AspNetCore.Endpoint;
using Stateroom.Messaging;
using Stateroom.Sessions;
using Stateroom.State;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>Sets going what a client's message asks for, in a session that was found to be its own.</summary>
internal sealed class Dispatcher(
    ISessionStore store,
    ISessionBackplane backplane,
    LiveSessions live,
    Questions questions,
    HandshakeServerOptions server,
    ExchangeServices exchangeServices,
    ExchangeRunner runner,
    ServerMetrics metrics,
    ILogger<Dispatcher> logger)
{
    /// <summary>Starts the handler of a request. It runs to its end by itself, and then gives back what it held of its caller's limits.</summary>
    /// <param name="http">The HTTP request.</param>
    /// <param name="claim">Whose session it is.</param>
    /// <param name="session">The session.</param>
    /// <param name="client">Who the client is.</param>
    /// <param name="call">The request.</param>
    /// <param name="mayStream">Whether the response may be an event stream.</param>
    /// <param name="release">Gives back what the request holds of its caller's limits.</param>
    /// <param name="mustStream">Whether the response is to be a stream from the start, however soon the handler responds.</param>
    public Exchange Call(
        HttpContext http, SessionClaim claim, SessionRecord session, KnownClient client, JsonRpcRequest call, bool mayStream, Action release, bool mustStream = false)
    {
        var exchange = new Exchange(exchangeServices, claim.Caller, claim.Key, call, mayStream, release);
        call.Context = new JsonRpcMessageContext { ProtocolVersion = client.Profile.ProtocolVersion, User = http.User, RelatedTransport = exchange.Call };
        var place = live.Enter(claim.Key);
        place.Add(exchange);
        if (mustStream)
        {
            // What becomes of it shows in the outcome.
            _ = exchange.BeginStreamAsync();
        }

        runner.Start(exchange, client, Context(claim, session), () =>
        {
            place.Remove(exchange);
            live.Leave(place);
        });
        return exchange;
    }

    /// <summary>Acts on a notification.</summary>
    public async Task NotifyAsync(HttpContext http, SessionClaim claim, SessionRecord session, KnownClient client, JsonRpcNotification notification)
    {
        if (notification is { Method: NotificationMethods.CancelledNotification, Params: JsonObject parameters } && RequestIdText.TryRead(parameters["requestId"], out var id))
        {
            await backplane.PublishAsync(new SessionSignal.Cancel(claim.Key, id), http.RequestAborted);
        }

        if (server.HandlesNotifications)
        {
            notification.Context = new JsonRpcMessageContext { ProtocolVersion = client.Profile.ProtocolVersion, User = http.User };
            runner.Start(new NotificationTransport(claim.Key, notification), client, Context(claim, session));
        }
    }

    /// <summary>Brings an answer to the call that asked, wherever it runs.</summary>
    public async Task AnswerAsync(SessionKey session, JsonRpcMessageWithId answer, CancellationToken cancellationToken)
    {
        if (Questions.InstanceOf(answer.Id) is not { } instance)
        {
            metrics.Routed("ignored");
            Log.AnswerIgnored(logger);
        }
        else if (instance != backplane.InstanceId)
        {
            metrics.Routed("remote");
            await backplane.PublishAsync(new SessionSignal.Answer(session, instance, answer.Id.ToString(), JsonRpc.Serialize(answer)), cancellationToken);
        }
        else if (questions.TryAnswer(session, answer.Id.ToString(), answer))
        {
            metrics.Routed("local");
        }
        else
        {
            metrics.Routed("ignored");
            Log.AnswerIgnored(logger);
        }
    }

    private SessionContext Context(SessionClaim claim, SessionRecord session) => new(store, claim.Caller, claim.Era, session);
}
