using System.Globalization;
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

/// <summary>Hands a request of the stateless era to the SDK, behind the filters of this folder: a plain call of a tool to a server that is up, all else to its own endpoint.</summary>
internal sealed class StatelessHandler(
    RequestDelegate sdk, PlainCalls plain, StatelessServers servers, ISessionStore store, SessionAccessor accessor, RequestAccessor http, McpOperations operations)
{
    /// <summary>Handles it. The session header of the other era does not exist for it.</summary>
    public async Task HandleAsync(HttpContext context, Caller caller, RequestAdmission admission, IReadOnlyList<JsonRpcMessage> sent, ReadOnlyMemory<byte> body)
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

        using var flow = http.Enter(context);
        accessor.Current = new SessionContext(store, caller, SessionEra.Stateless, session: null);
        context.Features.Set(admission);
        context.Request.Headers.Remove(McpHeaders.SessionId);
        var request = sent is [JsonRpcRequest only] ? only : null;
        var operation = request is not null ? operations.Begin(request, context.Request.Headers[McpHeaders.ProtocolVersion], session: null) : null;
        try
        {
            context.Features.Set(operation);
            await CredentialLifetime.EndWithAsync(
                context, () => request is not null && plain.Has(context.Request, request) ? servers.ServeAsync(context, request) : AskSdkAsync(context, body));
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
