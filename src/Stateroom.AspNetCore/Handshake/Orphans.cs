using System.Text;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using Stateroom.AspNetCore.Diagnostics;
using Stateroom.AspNetCore.Endpoint;
using Stateroom.Messaging;
using Stateroom.Sessions;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>Ends the streams of requests whose instance has died, so that nobody waits for what will not come.</summary>
internal sealed class Orphans(ISessionOutbox outbox, ISessionBackplane backplane, ILogger<Orphans> logger)
{
    /// <summary>Ends those of a session's open streams whose instances are dead.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="SessionStoreUnavailableException">The outbox or the backplane did not answer in time.</exception>
    public async Task<bool> EndAllAsync(SessionKey session, CancellationToken cancellationToken)
    {
        var found = false;
        foreach (var streams in (await outbox.FindOpenAsync(session, cancellationToken)).GroupBy(StreamNames.InstanceOf))
        {
            if (streams.Key is { } instance && !await backplane.IsAliveAsync(instance, cancellationToken))
            {
                found = true;
                foreach (var stream in streams)
                {
                    await EndAsync(session, stream, cancellationToken);
                }
            }
        }

        return found;
    }

    /// <summary>Ends a stream with an error in place of the response that will not come. If the response came after all, nothing is added.</summary>
    /// <exception cref="SessionStoreUnavailableException">The outbox did not answer in time.</exception>
    public async Task EndAsync(SessionKey session, string stream, CancellationToken cancellationToken)
    {
        var page = await outbox.ReadAsync(session, stream, after: 0, cancellationToken);
        if (page.Items is not [{ Kind: OutboxItemKind.Begin } begin, ..] || page.Items[^1].Kind == OutboxItemKind.End)
        {
            return;
        }

        var error = JsonRpc.Error(
            RequestIdText.Parse(Encoding.UTF8.GetString(begin.Data.Span)),
            (int)McpErrorCode.InternalError,
            "The server instance that ran this request is gone. Whether the request took effect is unknown; repeat it if that does no harm.");
        await outbox.AppendAsync(session, stream, OutboxItemKind.Message, JsonRpc.Serialize(error), cancellationToken);
        await outbox.AppendAsync(session, stream, OutboxItemKind.End, default, cancellationToken);
        await backplane.PublishAsync(new SessionSignal.Nudge(session, stream), cancellationToken);
        Log.StreamOrphaned(logger);
    }
}
