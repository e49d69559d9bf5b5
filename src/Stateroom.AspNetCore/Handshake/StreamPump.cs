using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Stateroom.AspNetCore.Authentication;
using Stateroom.AspNetCore.Diagnostics;
using Stateroom.AspNetCore.Draining;
using Stateroom.AspNetCore.Endpoint;
using Stateroom.Messaging;
using Stateroom.Sessions;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>Carries what the outbox holds of a stream to a client, from a position on, until the stream ends or the client leaves.</summary>
internal sealed class StreamPump(
    ISessionOutbox outbox,
    StreamUpkeep.Services upkeep,
    HandshakeServerOptions server,
    IHostApplicationLifetime lifetime,
    CallDrain drain,
    ServerMetrics metrics,
    ILogger<StreamPump> logger)
{
    /// <summary>Carries the stream.</summary>
    /// <param name="context">The request whose response it becomes.</param>
    /// <param name="claim">Whose session it is; an open stream keeps it alive.</param>
    /// <param name="listener">Signals news of the stream; closed when this reader is to give way.</param>
    /// <param name="after">The last position that the client has.</param>
    /// <param name="version">The revision that the client speaks.</param>
    /// <param name="gap">Whether the client has missed something already that is no longer held.</param>
    public async Task RunAsync(HttpContext context, SessionClaim claim, StreamListener listener, long after, string version, bool gap = false)
    {
        // The stream of a request ends by itself, with the request. The general one would keep a server from stopping.
        var stopping = listener.Stream == StreamNames.General ? lifetime.ApplicationStopping : drain.StreamsEnd;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping, CredentialLifetime.ExpiryOf(context));
        metrics.StreamOpened();
        try
        {
            await CarryAsync(context, claim, listener, after, version, gap, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The client left, its credential has expired, or the server stops: all are how such streams end.
        }
        catch (SessionStoreUnavailableException e) when (context.Response.HasStarted)
        {
            // The client comes back for the rest, perhaps to an instance that reaches the store.
            Log.StreamCut(logger, e);
            context.Abort();
        }
        finally
        {
            metrics.StreamClosed();
        }
    }

    private async Task CarryAsync(HttpContext context, SessionClaim claim, StreamListener listener, long after, string version, bool gap, CancellationToken cancellationToken)
    {
        SseWriter.Begin(context);
        var writer = new SseWriter(context, listener.Stream);
        if (ProtocolVersions.AllowsEmptyEvents(version))
        {
            writer.WritePosition(after);
        }

        if (gap)
        {
            TellToListAgain(writer);
        }

        // Before the client hears anything: what it does next finds all of this in place.
        using var care = new StreamUpkeep(upkeep, claim, listener.Stream);
        var tick = care.NextAsync(cancellationToken);
        var news = listener.WaitAsync(cancellationToken);
        await writer.FlushAsync(cancellationToken);
        while (true)
        {
            var page = await outbox.ReadAsync(claim.Key, listener.Stream, after, cancellationToken);
            var ended = Write(writer, page, listener.Stream, ProtocolVersions.AllowsEmptyEvents(version));
            if (page.Items.Count > 0)
            {
                after = page.Items[^1].Position;
                if (listener.Stream == StreamNames.General)
                {
                    // First: once the client has it, no reader that comes after may be given it again.
                    await outbox.MarkDeliveredAsync(claim.Key, listener.Stream, after, cancellationToken);
                }

                await writer.FlushAsync(cancellationToken);
            }

            if (ended || (listener.Stream != StreamNames.General && page is { Items.Count: 0, Exists: false } or { Items.Count: 0, Ended: true }))
            {
                return;
            }

            while (await Task.WhenAny(news, tick) != news)
            {
                if (!await tick)
                {
                    return;
                }

                writer.WriteKeepAlive();
                await writer.FlushAsync(cancellationToken);
                tick = care.NextAsync(cancellationToken);
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
    private bool Write(SseWriter writer, OutboxPage page, string stream, bool emptyEvents)
    {
        if (page.Trimmed && stream == StreamNames.General)
        {
            TellToListAgain(writer);
        }

        foreach (var item in page.Items)
        {
            switch (item.Kind)
            {
                case OutboxItemKind.Message:
                    writer.WriteMessage(item.Position, item.Data.Span);
                    break;
                case OutboxItemKind.End:
                    return true;
                case OutboxItemKind.Pause when emptyEvents:
                    writer.WritePosition(item.Position, item.Data.Span);
                    return true;
            }
        }

        return false;
    }

    /// <summary>Messages were dropped before this client had them. It cannot know which, so it is told to read everything again: never a silent gap.</summary>
    private void TellToListAgain(SseWriter writer)
    {
        foreach (var topic in server.ListTopics)
        {
            writer.WriteUnnumbered(ListChanged.Of(topic));
        }
    }
}
