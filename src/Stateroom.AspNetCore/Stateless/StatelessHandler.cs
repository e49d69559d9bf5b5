using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using Stateroom.AspNetCore.Authentication;
using Stateroom.AspNetCore.Diagnostics;
using Stateroom.AspNetCore.Endpoint;
using Stateroom.AspNetCore.Limits;
using Stateroom.Sessions;
using Stateroom.State;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Stateless;

/// <summary>Hands a request of the stateless era to the SDK, behind the filters of this folder: all but plain calls of tools, which are answered without its endpoint.</summary>
internal sealed class StatelessHandler(
    RequestDelegate sdk, PlainCalls plain, PlainCallHandler calls, ISessionStore store, SessionAccessor accessor, RequestAccessor http, McpOperations operations)
{
    /// <summary>Handles it. The session header of the other era does not exist for it.</summary>
    /// <param name="context">The HTTP request.</param>
    /// <param name="caller">Who sends it.</param>
    /// <param name="admission">What it holds of its caller's limits.</param>
    /// <param name="sent">Its messages.</param>
    /// <param name="parameters">The parameters of a plain request, as they were sent.</param>
    /// <param name="body">The body, which is all that the SDK's endpoint is given.</param>
    public async Task HandleAsync(
        HttpContext context, Caller caller, RequestAdmission admission, IReadOnlyList<JsonRpcMessage> sent, JsonElement parameters, ReadOnlyMemory<byte> body)
    {
        if (sent is [JsonRpcRequest { Method: RequestMethods.SubscriptionsListen }])
        {
            admission.BecomeStream();
        }

        if (await admission.RefusesAsync())
        {
            return;
        }

        var request = sent is [JsonRpcRequest only] ? only : null;
        var tool = request is null ? null : plain.Find(context.Request, request, parameters);
        if (tool is null && sent.FirstOrDefault(message => !RoutingName.IsTextOrAbsent(message)) is { } unnamed)
        {
            await Reply.BadRequestAsync(context, unnamed is JsonRpcRequest { Id: var id } ? id : default, "The name or uri of the params must be text.", McpErrorCode.InvalidParams);
            return;
        }

        using var flow = http.Enter(context);
        accessor.Current = new SessionContext(store, caller, SessionEra.Stateless, session: null);
        context.Features.Set(admission);
        context.Request.Headers.Remove(McpHeaders.SessionId);
        var operation = request is not null ? operations.Begin(request, context.Request.Headers[McpHeaders.ProtocolVersion], session: null, tool?.ProtocolTool.Name) : null;
        try
        {
            context.Features.Set(operation);
            await CredentialLifetime.EndWithAsync(
                context, () => tool is not null ? calls.HandleAsync(context, request!, parameters) : AskSdkAsync(context, body));
        }
        finally
        {
            operation?.End(operation.Response, context.Response.StatusCode is >= 400 and var status ? status.ToString(CultureInfo.InvariantCulture) : "cancelled");
        }
    }

    private Task AskSdkAsync(HttpContext context, ReadOnlyMemory<byte> body)
    {
        context.Request.Body = new MemoryStream(body.ToArray(), writable: false);

        // It was read as the UTF-8 that JSON is (RFC 8259 section 8.1), whatever charset the client made up.
        context.Request.ContentType = "application/json";
        return sdk(context);
    }
}
