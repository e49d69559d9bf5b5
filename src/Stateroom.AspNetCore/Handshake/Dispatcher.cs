using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Protocol;
using Stateroom.AspNetCore.Diagnostics;
using Stateroom.AspNetCore.Endpoint;
using Stateroom.AspNetCore.Limits;
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
    /// <summary>Takes a request in, so that whatever concerns it from now on finds it.</summary>
    /// <param name="found">Its session.</param>
    /// <param name="call">The request.</param>
    /// <param name="mayStream">Whether the response may be an event stream.</param>
    /// <param name="places">What the request holds of its caller's limits.</param>
    /// <param name="mustStream">Whether the response is to be a stream from the start, however soon the handler responds.</param>
    public Exchange Begin(FoundSession found, JsonRpcRequest call, bool mayStream, IPlaces places, bool mustStream = false)
    {
        var exchange = new Exchange(exchangeServices, found.Claim.Caller, found.Claim.Key, call, mayStream, places) { Parameters = found.Request.Parameters };
        call.Context = new JsonRpcMessageContext { ProtocolVersion = found.Client.Profile.ProtocolVersion, User = found.Request.Context.User, RelatedTransport = exchange.Call };
        found.Place.Add(exchange);
        if (mustStream)
        {
            // What becomes of it shows in the outcome.
            _ = exchange.BeginStreamAsync();
        }

        return exchange;
    }

    /// <summary>
    /// Runs the handler of a request that was taken in, on this thread until it first waits for something. It goes on to its end by itself, and then gives back what it held.
    /// </summary>
    public void Run(FoundSession found, Exchange exchange) => runner.Start(exchange, found.Client, Context(found.Claim, found.Session), found.Place);

    /// <summary>Acts on a notification.</summary>
    /// <param name="found">Its session.</param>
    /// <param name="notification">The notification.</param>
    /// <param name="keep">Keeps a place among the calls while the host's handlers run. A cancellation takes effect without one.</param>
    public async Task NotifyAsync(FoundSession found, JsonRpcNotification notification, Func<IPlaces> keep)
    {
        var (http, session) = (found.Request.Context, found.Claim.Key);
        if (notification is { Method: NotificationMethods.CancelledNotification, Params: JsonObject parameters } && RequestIdText.TryRead(parameters["requestId"], out var id))
        {
            await backplane.PublishAsync(new SessionSignal.Cancel(session, id), http.RequestAborted);
        }

        if (server.HandlesNotifications && await found.Request.Admission.MayHandleAsync())
        {
            notification.Context = new JsonRpcMessageContext { ProtocolVersion = found.Client.Profile.ProtocolVersion, User = http.User };
            var places = keep();
            var run = new NotificationRun(session, notification);
            found.Place.Add(run);
            runner.Start(run, found.Client, Context(found.Claim, found.Session), () =>
            {
                places.Release();
                live.Remove(found.Place, run);
            });
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
