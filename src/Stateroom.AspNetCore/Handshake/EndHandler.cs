using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Stateroom.AspNetCore.Diagnostics;
using Stateroom.AspNetCore.Endpoint;
using Stateroom.Sessions;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>Handles a DELETE: the client is done with its session.</summary>
internal sealed class EndHandler(SessionLifecycle lifecycle, ILogger<EndHandler> logger)
{
    public async Task HandleAsync(HandshakeRequest request)
    {
        if (request.SentId.Length == 0)
        {
            await Reply.SessionIdNeededAsync(request.Context);
        }
        else if (request.Claim is { } claim && await lifecycle.EndAsync(claim, request.Context.RequestAborted))
        {
            Log.SessionEnded(logger, SessionFingerprint.Of(claim.Id), LogText.Of(claim.Caller.Tenant));
            request.Context.Response.StatusCode = StatusCodes.Status204NoContent;
        }
        else
        {
            await Reply.SessionNotFoundAsync(request.Context);
        }
    }
}
