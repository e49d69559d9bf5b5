using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Stateroom.AspNetCore.Authorization;

namespace Stateroom.Server.Hosting;

/// <summary>Serves <c>/metrics</c> to whom the settings allow it.</summary>
internal static class MetricsEndpoint
{
    public static void MapMetrics(this WebApplication app)
    {
        var access = app.Services.GetRequiredService<IOptions<MetricsOptions>>().Value.MetricsAccess;
        if (access != MetricsAccess.Off)
        {
            app.MapPrometheusScrapingEndpoint("/metrics")
                .RequireAuthorization(policy => policy.RequireAssertion(context => Allows(access, context)));
        }
    }

    private static bool Allows(MetricsAccess access, AuthorizationHandlerContext context) =>
        access == MetricsAccess.Anyone
        || context.User.HasScope(StateroomScopes.Metrics)
        || context.User.HasScope(StateroomScopes.Admin)
        || (access == MetricsAccess.Loopback && context.Resource is HttpContext http && IsFromHere(http));

    /// <summary>A proxy on this machine is here too, but whoever it serves is not.</summary>
    private static bool IsFromHere(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } remote && IPAddress.IsLoopback(remote)
        && !context.Request.Headers.Keys.Any(name => name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase) || name.StartsWith("X-Original-", StringComparison.OrdinalIgnoreCase)
            || name.Equals("Forwarded", StringComparison.OrdinalIgnoreCase) || name.Equals("Via", StringComparison.OrdinalIgnoreCase));
}
