using Microsoft.Extensions.DependencyInjection;
using Stateroom.AspNetCore;
using Stateroom.AspNetCore.Endpoint;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Guards a whole server.</summary>
public static class StateroomFrontDoorApplicationBuilderExtensions
{
    /// <summary>
    /// Refuses, on every path and with 403, requests with an <c>Origin</c> or a <c>Host</c> that <see cref="SessionEndpointOptions.AllowedOrigins"/> and
    /// <see cref="SessionEndpointOptions.AllowedHosts"/> do not allow, and has every answer say <c>X-Content-Type-Options: nosniff</c>, <c>Cache-Control: no-store</c>,
    /// <c>Referrer-Policy: no-referrer</c> and a <c>Content-Security-Policy</c> that allows nothing. An endpoint that serves pages sets a policy of its own.
    /// Refusals are JSON-RPC where routing has found the MCP endpoint before, as it has in a <c>WebApplication</c>, and problem details elsewhere.
    /// </summary>
    /// <param name="app">The application. Belongs before everything that answers, and behind <c>UseForwardedHeaders</c> where there is a proxy.</param>
    /// <returns>The application.</returns>
    /// <exception cref="InvalidOperationException"><c>WithSessions</c> was not called on the server's builder.</exception>
    public static IApplicationBuilder UseSessionFrontDoor(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        if (app.ApplicationServices.GetService<IServiceProviderIsService>()?.IsService(typeof(FrontDoor)) != true)
        {
            throw new InvalidOperationException("UseSessionFrontDoor needs sessions: call services.AddMcpServer().WithSessions() first.");
        }

        return app.UseMiddleware<FrontDoorMiddleware>();
    }
}
