using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Stateroom.AspNetCore.Endpoint;
using Stateroom.Messaging;
using Stateroom.Sessions;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>Carries what the outbox holds of a stream to a client, from a position on, until the stream ends or the client leaves.</summary>
internal sealed class StreamPump(
    ISessionOutbox outbox,
    ISessionStore store,
    HandshakeServerOptions server,
    IHostApplicationLifetime lifetime,
    IOptions<SessionEndpointOptions> endpoint,
    IOptions<SessionOptions> sessions,
    TimeProvider time)
{
    /// <summary>Carries the stream.</summary>
    /// <param name="context">The request whose response it becomes.</param>
    /// <param name="claim">Whose session it is; an open stream keeps it alive.</param>
    /// <param name="listener">Signals news of the stream; closed when this reader is to give way.</param>
    /// <param name="after">The last position that the client has.</param>
    /// <param name="version">The revision that the client speaks.</param>
    public async Task RunAsync(HttpContext context, SessionClaim claim, StreamListener listener, long after, string version)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, listener.Stream == StreamNames.General ? lifetime.ApplicationStopping : default);
        try
        {
            await CarryAsync(context, claim, listener, after, version, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The client left, or the server stops: both are how such streams end.
        }
    }

    private async Task CarryAsync(HttpContext context, SessionClaim claim, StreamListener listener, long after, string version, CancellationToken cancellationToken)
    {
        SseWriter.Begin(context);
        var writer = new SseWriter(context, listener.Stream);
        if (ProtocolVersions.AllowsEmptyEvents(version))
        {
            writer.WritePosition(after);
        }

        await writer.FlushAsync(cancellationToken);
        var touched = time.GetTimestamp();
        using var timer = new PeriodicTimer(Shorter(endpoint.Value.KeepAliveInterval, sessions.Value.IdleTimeout / 3), time);
        var tick = timer.WaitForNextTickAsync(cancellationToken).AsTask();
        var news = listener.WaitAsync(cancellationToken);
        while (true)
        {
            var page = await outbox.ReadAsync(claim.Key, listener.Stream, after, cancellationToken);
            if (await WriteAsync(writer, page, listener.Stream, version, cancellationToken))
            {
                return;
            }

            if (page.Items.Count > 0)
            {
                after = page.Items[^1].Position;
                await outbox.MarkDeliveredAsync(claim.Key, listener.Stream, after, cancellationToken);
            }

            while (await Task.WhenAny(news, tick) != news)
            {
                await tick;
                tick = timer.WaitForNextTickAsync(cancellationToken).AsTask();
                writer.WriteKeepAlive();
                await writer.FlushAsync(cancellationToken);
                if (time.GetElapsedTime(touched) >= sessions.Value.IdleTimeout / 3)
                {
                    touched = time.GetTimestamp();
                    if (await store.TouchAsync(claim, cancellationToken) is null)
                    {
                        return;
                    }
                }
            }

            if (!await news)
            {
                return;
            }

            news = listener.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Writes what was read.</summary>
    /// <returns>Whether the response ends with it.</returns>
    private async Task<bool> WriteAsync(SseWriter writer, OutboxPage page, string stream, string version, CancellationToken cancellationToken)
    {
        if (page.Trimmed && stream == StreamNames.General)
        {
            TellToListAgain(writer);
        }

        var last = false;
        foreach (var item in page.Items)
        {
            if (item.Kind == OutboxItemKind.Message)
            {
                writer.WriteMessage(item.Position, item.Data.Span);
            }
            else if (item.Kind == OutboxItemKind.End)
            {
                last = true;
            }
            else if (ProtocolVersions.AllowsEmptyEvents(version))
            {
                writer.WritePosition(item.Position, item.Data.Span);
                last = true;
                break;
            }
        }

        if (page.Items.Count > 0)
        {
            await writer.FlushAsync(cancellationToken);
        }

        return last;
    }

    /// <summary>Messages were dropped before this client had them. It cannot know which, so it is told to read everything again: never a silent gap.</summary>
    private void TellToListAgain(SseWriter writer)
    {
        foreach (var topic in server.ListTopics)
        {
            writer.WriteUnnumbered(ListChanged.Of(topic));
        }
    }

    private static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
