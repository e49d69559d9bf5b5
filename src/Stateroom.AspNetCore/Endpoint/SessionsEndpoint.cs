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
            if (await FindCallerAsync(context) is not { } caller)
            {
                await CredentialChallenge.SendAsync(context);
                return;
            }

            AuditedRefusal.Note(context, caller);
            using var answer = gate.Enter(context, caller);
            using var admission = gate.Begin(context, caller, answer);
            await (HttpMethods.IsPost(context.Request.Method) ? posts.HandleAsync(context, caller, admission) : StreamOrEndAsync(context, caller, admission));
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

    /// <summary>Who sends a request. Whoever sends a credential means to be somebody: a wrong one is refused, not served as nobody.</summary>
    private async ValueTask<Caller?> FindCallerAsync(HttpContext context)
    {
        var caller = await tenants.ResolveAsync(context, context.RequestAborted)
            ?? (options.Value.AllowAnonymous && context.Request.Headers.Authorization.Count == 0 ? Caller.Anonymous : null);
        return caller?.IsAnonymous == true ? Caller.AnonymousFrom(ClientAddress.Of(context)) : caller;
    }

    private async Task StreamOrEndAsync(HttpContext context, Caller caller, RequestAdmission admission)
    {
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
