using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Authentication;
using Stateroom.AspNetCore.Authentication.Jwt;
using Stateroom.AspNetCore.Endpoint;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Authorization;

/// <summary>Keeps requests out whose credential lacks a scope, while the answer can still be an HTTP status. What is hidden is let through, to be answered like what never existed.</summary>
internal sealed class ScopeDoor(FeatureGate gate, ScopeCatalog scopes, IOptions<McpServerOptions> server)
{
    /// <summary>Looks at all that a body asks for.</summary>
    /// <returns>The scopes that are needed for it; null if the caller may go on.</returns>
    public async ValueTask<IReadOnlyList<string>?> FindLackingAsync(HttpContext context, Caller caller, IReadOnlyList<JsonRpcMessage> sent)
    {
        if (!scopes.Any)
        {
            return null;
        }

        var viewer = new FeatureViewer(caller, context.User);
        List<string>? lacking = null;
        foreach (var offer in sent.OfType<JsonRpcRequest>().SelectMany(request => RequestOffers.Of(request, server.Value)))
        {
            if (gate.FindLacking(offer, viewer) is { } needed && await gate.IsVisibleAsync(offer, viewer, context.RequestAborted))
            {
                (lacking ??= []).AddRange(needed);
            }
        }

        return lacking is null ? null : [.. lacking.Distinct(StringComparer.Ordinal)];
    }

    /// <summary>Answers what lacks a scope: MCP 2026-07-28, Authorization, Scope Challenge Handling. Who sent no credential is asked for one first.</summary>
    public static Task RefuseAsync(HttpContext context, Caller caller, IReadOnlyList<string> needed, RequestId id)
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
}
