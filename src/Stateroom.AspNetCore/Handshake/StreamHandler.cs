using Microsoft.AspNetCore.Http;
using Stateroom.AspNetCore.Endpoint;
using Stateroom.Messaging;
using Stateroom.Sessions;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>Handles a GET: the stream of messages that belong to no request, or, with <c>Last-Event-ID</c>, whichever stream was cut.</summary>
internal sealed class StreamHandler(
    ISessionStore store, ISessionOutbox outbox, ISessionBackplane backplane, IStreamReaders readers, LiveSessions live, KnownClients clients, HandshakeServerOptions server, StreamPump pump)
{
    public async Task HandleAsync(HandshakeRequest request)
    {
        if (!request.Accepts("text/event-stream"))
        {
            await Reply.NotAcceptableAsync(request.Context);
        }
        else if (request.SentId.Length == 0)
        {
            await Reply.SessionIdNeededAsync(request.Context);
        }
        else if (request.Claim is not { } claim)
        {
            await Reply.SessionNotFoundAsync(request.Context);
        }
        else
        {
            var place = live.Enter(claim.Key);
            try
            {
                await OpenAsync(request.Context, claim, place);
            }
            finally
            {
                live.Leave(place);
            }
        }
    }

    private async Task OpenAsync(HttpContext context, SessionClaim claim, LiveSession place)
    {
        if (await store.TouchAsync(claim, context.RequestAborted) is not { } session)
        {
            await Reply.SessionNotFoundAsync(context);
            return;
        }

        var version = clients.Find(claim.Caller.Tenant, session.Client).Profile.ProtocolVersion;
        var lastEventId = context.Request.Headers[McpHeaders.LastEventId].ToString();
        if (lastEventId.Length == 0)
        {
            await GeneralAsync(context, claim, place, version, resumeAfter: null);
        }
        else if (!EventId.TryParse(lastEventId, out var position))
        {
            await RefuseAsync(context);
        }
        else if (position.IsGeneral)
        {
            await GeneralAsync(context, claim, place, version, position.Position);
        }
        else
        {
            await RequestAsync(context, claim, place, version, position);
        }
    }

    private async Task GeneralAsync(HttpContext context, SessionClaim claim, LiveSession place, string version, long? resumeAfter)
    {
        var listener = new StreamListener(StreamNames.General) { Reader = StreamName.New(backplane.InstanceId) };
        place.Add(listener);
        try
        {
            await readers.NoteAsync(claim.Key, listener.Reader, context.RequestAborted);

            // The newest reader wins: a client that comes back may come before the server noticed that its old connection is dead.
            await backplane.PublishAsync(new SessionSignal.Taken(claim.Key, listener.Reader), context.RequestAborted);
            foreach (var topic in server.ListTopics)
            {
                await outbox.SubscribeAsync(claim.Key, topic, context.RequestAborted);
            }

            // A client that does not say where it was gets what nobody was given yet; one that was farther than the stream has seen a stream that was lost.
            var page = await outbox.ReadAsync(claim.Key, StreamNames.General, after: 0, context.RequestAborted);
            await pump.RunAsync(context, claim, listener, Math.Min(resumeAfter ?? page.Delivered, page.Last), version, gap: resumeAfter > page.Last);
        }
        finally
        {
            place.Remove(listener);
            await ForgetAsync(claim.Key, listener.Reader);
        }
    }

    private async Task ForgetAsync(SessionKey session, string reader)
    {
        try
        {
            await readers.ForgetAsync(session, reader, CancellationToken.None);
        }
        catch (SessionStoreUnavailableException)
        {
            // The note goes with the next reader, or with the session. It is for people to see, and the stream is closed either way.
        }
    }

    private async Task RequestAsync(HttpContext context, SessionClaim claim, LiveSession place, string version, EventId position)
    {
        var page = await outbox.ReadAsync(claim.Key, position.Stream, position.Position, context.RequestAborted);
        if (!page.Exists || position.Position > page.Last)
        {
            await RefuseAsync(context);
            return;
        }

        var listener = new StreamListener(position.Stream);
        place.Add(listener);
        try
        {
            await pump.RunAsync(context, claim, listener, position.Position, version);
        }
        finally
        {
            place.Remove(listener);
        }
    }

    private static Task RefuseAsync(HttpContext context) =>
        Reply.BadRequestAsync(context, default, "Last-Event-ID names no stream of this session that could be resumed. Open the stream without it.");
}
