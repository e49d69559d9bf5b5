using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Stateroom.AspNetCore.Auditing;
using Stateroom.AspNetCore.Authentication;
using Stateroom.AspNetCore.Diagnostics;
using Stateroom.AspNetCore.Draining;
using Stateroom.AspNetCore.Handshake;
using Stateroom.AspNetCore.Limits;
using Stateroom.AspNetCore.Tenancy;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Endpoint;

/// <summary>
/// The path of a request: front door, caller, limits; then, with what it holds, <see cref="PostHandler"/>, or the streams and endings of the handshake era.
/// </summary>
internal sealed class SessionsEndpoint(
    FrontDoor door,
    PostHandler posts,
    ITenantResolver tenants,
    StreamHandler streams,
    EndHandler endings,
    ConnectionDrain drain,
    AdmissionGate gate,
    TimeProvider time,
    IOptions<SessionEndpointOptions> options,
    ILogger<SessionsEndpoint> logger)
{
    public async Task HandleAsync(HttpContext context)
    {
        if (drain.IsClosing && HttpProtocol.IsHttp11(context.Request.Protocol))
        {
            context.Response.Headers.Connection = "close";
        }

        if (door.FindObjection(context) is { } objection)
        {
            await Reply.ForbiddenAsync(context, objection);
            return;
        }

        using var credential = CredentialLifetime.Begin(context, time);
        try
        {
            if (await tenants.ResolveAsync(context, context.RequestAborted) is { } caller)
            {
                await ServeAsync(context, caller);
            }
            else if (options.Value.AllowAnonymous && context.Request.Headers.Authorization.Count == 0)
            {
                // Whoever sends a credential means to be somebody: a wrong one is refused, not served as nobody.
                await ServeAsync(context, Caller.Anonymous);
            }
            else
            {
                await CredentialChallenge.SendAsync(context);
            }
        }
        catch (SessionStoreUnavailableException e) when (!context.Response.HasStarted)
        {
            Log.StoreUnavailable(logger, e);
            await Reply.StoreUnavailableAsync(context);
        }
        catch (BadHttpRequestException e) when (!context.Response.HasStarted)
        {
            await Reply.BadHttpAsync(context, e);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client left while we read its body or looked its session up: there is nobody to answer.
        }
    }

    private async Task ServeAsync(HttpContext context, Caller caller)
    {
        if (caller.IsAnonymous)
        {
            caller = Caller.AnonymousFrom(ClientAddress.Of(context));
        }

        AuditedRefusal.Note(context, caller);
        using var admission = gate.Begin(context, caller);
        if (HttpMethods.IsPost(context.Request.Method))
        {
            await posts.HandleAsync(context, caller, admission);
            return;
        }

        if (await admission.RefusesAsync())
        {
            return;
        }

        var version = context.Request.Headers[McpHeaders.ProtocolVersion].ToString();
        if (version.Length > 0 && !ProtocolVersions.IsHandshake(version))
        {
            await Reply.MethodNotAllowedAsync(context);
            return;
        }

        var request = new HandshakeRequest(context, caller, admission);
        await (HttpMethods.IsGet(context.Request.Method) ? streams.HandleAsync(request) : endings.HandleAsync(request));
    }
}
