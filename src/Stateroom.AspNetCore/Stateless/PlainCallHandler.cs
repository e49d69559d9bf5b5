using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ModelContextProtocol.Protocol;
using Stateroom.AspNetCore.Endpoint;
using Stateroom.AspNetCore.Stateless.Direct;

namespace Stateroom.AspNetCore.Stateless;

/// <summary>Answers plain calls of tools as the SDK's endpoint does: without a server of the SDK where that can be, else by one that is up.</summary>
internal sealed class PlainCallHandler(StatelessCalls direct, StatelessServers servers, TimeProvider time)
{
    /// <summary>How long a client waits for the headers of a response whose first message takes its time.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromMilliseconds(250);

    /// <summary>Answers one.</summary>
    /// <param name="context">The HTTP request.</param>
    /// <param name="request">The call.</param>
    /// <param name="parameters">Its parameters as they were sent.</param>
    public async Task HandleAsync(HttpContext context, JsonRpcRequest request, JsonElement parameters)
    {
        request.Context = new()
        {
            User = context.User.Identity?.IsAuthenticated == true ? context.User : null,
            ProtocolVersion = ProtocolVersions.Stateless,
        };
        var response = context.Response;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache,no-store";
        response.Headers.ContentEncoding = "identity";
        response.Headers["X-Accel-Buffering"] = "no";
        context.Features.GetRequiredFeature<IHttpResponseBodyFeature>().DisableBuffering();
        var answer = new AnswerStream(response, request, context.RequestAborted);

        // Waits for its callback, which must not meet the next response of the connection.
        await using (time.CreateTimer(static answer => ((AnswerStream)answer!).Begin(), answer, _patience, Timeout.InfiniteTimeSpan))
        {
            if (direct.Read(request, parameters) is not { } call || !await direct.TryRunAsync(context, request, call, answer))
            {
                await servers.ServeAsync(request, answer, context.RequestAborted);
            }
        }
    }
}
