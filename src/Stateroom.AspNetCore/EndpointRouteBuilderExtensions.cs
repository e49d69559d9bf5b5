using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Stateroom.AspNetCore.Auditing;
using Stateroom.AspNetCore.Endpoint;
using Stateroom.AspNetCore.Stateless;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the endpoint of an MCP server with sessions.</summary>
public static class StateroomEndpointRouteBuilderExtensions
{
    /// <summary>Serves MCP, both eras of the protocol, under one path.</summary>
    /// <param name="endpoints">Where to map it.</param>
    /// <param name="pattern">The path. Default <c>/mcp</c>.</param>
    /// <returns>For conventions, such as <c>RequireAuthorization</c>.</returns>
    /// <exception cref="InvalidOperationException"><c>WithSessions</c> was not called on the server's builder.</exception>
    public static IEndpointConventionBuilder MapMcpSessions(this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern = "/mcp")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var services = endpoints.ServiceProvider;
        if (services.GetService<IServiceProviderIsService>()?.IsService(typeof(StateroomMarker)) != true)
        {
            throw new InvalidOperationException("MapMcpSessions needs sessions: call services.AddMcpServer().WithSessions() first.");
        }

        var stateless = ActivatorUtilities.CreateInstance<StatelessHandler>(services, SdkEndpoint.Create(services));
        var posts = ActivatorUtilities.CreateInstance<PostHandler>(services, stateless);
        var endpoint = ActivatorUtilities.CreateInstance<SessionsEndpoint>(services, posts);
        return endpoints.MapMethods(pattern, [HttpMethods.Post, HttpMethods.Get, HttpMethods.Delete], endpoint.HandleAsync)
            .WithDisplayName("MCP")
            .WithMetadata(new AuditedEndpoint(HasSessions: true));
    }
}
