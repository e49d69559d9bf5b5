using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using Stateroom.AspNetCore.Auditing;
using Stateroom.AspNetCore.Authentication;
using Stateroom.AspNetCore.Authentication.Jwt;
using Stateroom.AspNetCore.Authorization;
using Stateroom.AspNetCore.Diagnostics;
using Stateroom.AspNetCore.Draining;
using Stateroom.AspNetCore.Handshake;
using Stateroom.AspNetCore.Limits;
using Stateroom.AspNetCore.Tenancy;
using Stateroom.Sessions;
using Stateroom.State;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Endpoint;

/// <summary>
/// The whole path of a request: front door, caller, limits, body, era, and then either the handshake era's handlers or the SDK's own stateless endpoint.
/// </summary>
internal sealed class SessionsEndpoint(
    RequestDelegate sdk,
    ITenantResolver tenants,
    ISessionStore store,
    SessionAccessor accessor,
    InitializeHandler initialize,
    MessageHandler messages,
    StreamHandler streams,
    EndHandler endings,
    ConnectionDrain drain,
    AdmissionGate gate,
    Refusals refusals,
    ScopeDoor scopes,
    TimeProvider time,
    IOptions<SessionEndpointOptions> options,
    ILogger<SessionsEndpoint> logger)
{
    /// <summary>How much is read of a body that is not served, for the id to echo.</summary>
    private const long EchoBytes = 64 * 1024;

    private readonly FrontDoor _door = new(options.Value);

    public async Task HandleAsync(HttpContext context)
    {
        if (drain.IsClosing && HttpProtocol.IsHttp11(context.Request.Protocol))
        {
            context.Response.Headers.Connection = "close";
        }

        if (_door.FindObjection(context) is { } objection)
        {
            Refusal.Note(context, RefusalKind.FrontDoor, objection);
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
                await ChallengeAsync(context);
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
        Refusal.Note(context, caller);
        using var admission = gate.Begin(context, caller);
        if (HttpMethods.IsPost(context.Request.Method))
        {
            await PostAsync(context, caller, admission);
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

    private async Task PostAsync(HttpContext context, Caller caller, RequestAdmission admission)
    {
        // Routing would check the content type for the SDK's endpoint; its metadata is not on ours.
        if (!context.Request.HasJsonContentType())
        {
            if (!await admission.RefusesAsync())
            {
                await Reply.UnsupportedMediaTypeAsync(context);
            }

            return;
        }

        var maximum = gate.MaxBodyBytes(caller);
        using var body = await RequestBody.ReadAsync(context, admission.IsTooSoon ? Math.Min(EchoBytes, maximum) : maximum);
        if (body is null)
        {
            // The rest of the body is not worth reading.
            context.Response.Headers.Connection = "close";
            if (!await admission.RefusesAsync())
            {
                refusals.Add(nameof(SessionEndpointOptions.MaxBodyBytes));
                await Reply.TooLargeAsync(context, maximum);
            }

            return;
        }

        if (admission.IsTooSoon)
        {
            await admission.RefusesAsync(JsonRpc.Inspect(body.Bytes).Id);
            return;
        }

        var version = context.Request.Headers[McpHeaders.ProtocolVersion].ToString();
        var isBatch = JsonRpc.IsBatch(body.Bytes.Span);
        IReadOnlyList<JsonRpcMessage> sent;
        try
        {
            sent = isBatch ? JsonRpc.ParseBatch(body.Bytes) : [JsonRpc.Parse(body.Bytes.Span)];
        }
        catch (JsonException e)
        {
            await RefuseBodyAsync(context, admission, body.Bytes, e);
            return;
        }

        admission.Read(sent);
        if (await scopes.FindLackingAsync(context, caller, sent) is { } needed)
        {
            var id = sent is [JsonRpcRequest { Id: var asked }] ? asked : default;
            if (!await admission.RefusesAsync(id))
            {
                await RefuseScopeAsync(context, caller, needed, id);
            }
        }
        else if (version.Length > 0 && !ProtocolVersions.IsHandshake(version))
        {
            await StatelessAsync(context, caller, admission, sent, body.Bytes);
        }
        else if (isBatch)
        {
            await messages.HandleBatchAsync(new HandshakeRequest(context, caller, admission), sent);
        }
        else
        {
            await OneAsync(new HandshakeRequest(context, caller, admission), sent[0]);
        }
    }

    private async Task OneAsync(HandshakeRequest request, JsonRpcMessage message)
    {
        if (ProtocolVersions.DeclaredBy(message) is { } declared && !ProtocolVersions.IsHandshake(declared))
        {
            // Not for the other era's sessions, and not for the SDK either, which checks Mcp-Method and the like by the header's revision only.
            if (!await request.Admission.RefusesAsync())
            {
                await Reply.HeaderMismatchAsync(request.Context, message is JsonRpcRequest { Id: var id } ? id : default);
            }
        }
        else if (message is JsonRpcRequest { Method: RequestMethods.Initialize } first)
        {
            if (!await request.Admission.RefusesAsync())
            {
                await initialize.HandleAsync(request, first);
            }
        }
        else
        {
            await messages.HandleAsync(request, message);
        }
    }

    /// <summary>Hands the request to the SDK's endpoint. The session header of the other era does not exist for it.</summary>
    private async Task StatelessAsync(HttpContext context, Caller caller, RequestAdmission admission, IReadOnlyList<JsonRpcMessage> sent, ReadOnlyMemory<byte> body)
    {
        if (sent is [JsonRpcRequest { Method: RequestMethods.SubscriptionsListen }])
        {
            admission.BecomeStream();
        }

        if (await admission.RefusesAsync())
        {
            return;
        }

        if (sent.FirstOrDefault(message => !RoutingName.IsTextOrAbsent(message)) is { } unnamed)
        {
            await Reply.BadRequestAsync(context, unnamed is JsonRpcRequest { Id: var id } ? id : default, "The name or uri of the params must be text.", McpErrorCode.InvalidParams);
            return;
        }

        accessor.Current = new SessionContext(store, caller, SessionEra.Stateless, session: null);
        context.Features.Set(admission);
        context.Request.Headers.Remove(McpHeaders.SessionId);
        context.Request.Body = new MemoryStream(body.ToArray(), writable: false);

        // It was read as the UTF-8 that JSON is (RFC 8259 section 8.1), whatever charset the client made up.
        context.Request.ContentType = "application/json";
        await CredentialLifetime.EndWithAsync(context, () => sdk(context));
    }

    /// <summary>MCP 2026-07-28, Authorization, Scope Challenge Handling. Who sent no credential is asked for one first.</summary>
    private static Task RefuseScopeAsync(HttpContext context, Caller caller, IReadOnlyList<string> needed, RequestId id)
    {
        var status = caller.IsAnonymous ? StatusCodes.Status401Unauthorized : StatusCodes.Status403Forbidden;
        BearerChallenge.Write(
            context.Response,
            status,
            error: caller.IsAnonymous ? null : BearerChallenge.InsufficientScope,
            scopes: needed,
            metadata: context.RequestServices.GetService<ResourceMetadata>()?.Address);
        return Reply.JsonAsync(context, status, JsonRpc.Error(id, (int)McpErrorCode.InvalidRequest, $"The credential lacks a scope. Needed: {string.Join(' ', needed)}."));
    }

    private static async Task RefuseBodyAsync(HttpContext context, RequestAdmission admission, ReadOnlyMemory<byte> body, JsonException error)
    {
        var (isJson, id) = JsonRpc.Inspect(body);
        if (await admission.RefusesAsync(id))
        {
            return;
        }

        await (isJson
            ? Reply.BadRequestAsync(context, id, "The body is JSON but not a JSON-RPC 2.0 message. Send one object with \"jsonrpc\": \"2.0\" and a method, or a result or error with the id that it answers.")
            : Reply.BadRequestAsync(context, id, $"The body is not valid JSON (line {error.LineNumber}, byte {error.BytePositionInLine}).", McpErrorCode.ParseError));
    }

    private static async Task ChallengeAsync(HttpContext context)
    {
        // The host's scheme knows what to ask for; without one there is only the plain form of RFC 6750.
        if (context.RequestServices.GetService<IAuthenticationSchemeProvider>() is { } schemes && await schemes.GetDefaultChallengeSchemeAsync() is not null)
        {
            await context.ChallengeAsync();
            return;
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = "Bearer";
    }
}
