using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using Stateroom.AspNetCore.Auditing;
using Stateroom.AspNetCore.Diagnostics;
using Stateroom.AspNetCore.Draining;
using Stateroom.AspNetCore.Handshake;
using Stateroom.AspNetCore.Tenancy;
using Stateroom.Sessions;
using Stateroom.State;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Endpoint;

/// <summary>
/// The whole path of a request: front door, caller, body, era, and then either the handshake era's handlers or the SDK's own stateless endpoint.
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
    IOptions<SessionOptions> sessions,
    IOptions<SessionEndpointOptions> options,
    ILogger<SessionsEndpoint> logger)
{
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

    private Task ServeAsync(HttpContext context, Caller caller)
    {
        Refusal.Note(context, caller);
        if (HttpMethods.IsPost(context.Request.Method))
        {
            return PostAsync(context, caller);
        }

        var version = context.Request.Headers[McpHeaders.ProtocolVersion].ToString();
        if (version.Length > 0 && !ProtocolVersions.IsHandshake(version))
        {
            return Reply.MethodNotAllowedAsync(context);
        }

        var request = new HandshakeRequest(context, caller);
        return HttpMethods.IsGet(context.Request.Method) ? streams.HandleAsync(request) : endings.HandleAsync(request);
    }

    private async Task PostAsync(HttpContext context, Caller caller)
    {
        // Routing would check the content type for the SDK's endpoint; its metadata is not on ours.
        if (!context.Request.HasJsonContentType())
        {
            await Reply.UnsupportedMediaTypeAsync(context);
            return;
        }

        using var body = await RequestBody.ReadAsync(context, options.Value.MaxBodyBytes);
        if (body is null)
        {
            await Reply.TooLargeAsync(context, options.Value.MaxBodyBytes);
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
            await RefuseBodyAsync(context, body.Bytes, e);
            return;
        }

        if (version.Length > 0 && !ProtocolVersions.IsHandshake(version))
        {
            await StatelessAsync(context, caller, body.Bytes);
        }
        else if (isBatch)
        {
            await messages.HandleBatchAsync(new HandshakeRequest(context, caller), sent);
        }
        else
        {
            await OneAsync(context, caller, sent[0]);
        }
    }

    private async Task OneAsync(HttpContext context, Caller caller, JsonRpcMessage message)
    {
        if (ProtocolVersions.DeclaredBy(message) is { } declared && !ProtocolVersions.IsHandshake(declared))
        {
            // Not for the other era's sessions, and not for the SDK either, which checks Mcp-Method and the like by the header's revision only.
            await Reply.HeaderMismatchAsync(context, message is JsonRpcRequest { Id: var id } ? id : default);
        }
        else if (message is JsonRpcRequest { Method: RequestMethods.Initialize } request)
        {
            await initialize.HandleAsync(new HandshakeRequest(context, caller), request);
        }
        else
        {
            await messages.HandleAsync(new HandshakeRequest(context, caller), message);
        }
    }

    /// <summary>Hands the request to the SDK's endpoint. The session header of the other era does not exist for it.</summary>
    private async Task StatelessAsync(HttpContext context, Caller caller, ReadOnlyMemory<byte> body)
    {
        accessor.Current = new SessionContext(store, sessions.Value, caller, SessionEra.Stateless, session: null);
        context.Request.Headers.Remove(McpHeaders.SessionId);
        context.Request.Body = new MemoryStream(body.ToArray(), writable: false);
        await sdk(context);
    }

    private static Task RefuseBodyAsync(HttpContext context, ReadOnlyMemory<byte> body, JsonException error)
    {
        var (isJson, id) = JsonRpc.Inspect(body);
        return isJson
            ? Reply.BadRequestAsync(context, id, "The body is JSON but not a JSON-RPC 2.0 message. Send one object with \"jsonrpc\": \"2.0\" and a method, or a result or error with the id that it answers.")
            : Reply.BadRequestAsync(context, id, $"The body is not valid JSON (line {error.LineNumber}, byte {error.BytePositionInLine}).", McpErrorCode.ParseError);
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
