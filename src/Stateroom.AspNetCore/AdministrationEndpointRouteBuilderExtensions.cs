using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Stateroom.AspNetCore;
using Stateroom.AspNetCore.Administration;
using Stateroom.AspNetCore.Auditing;
using Stateroom.AspNetCore.Endpoint;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the administration of sessions.</summary>
public static class StateroomAdministrationEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Serves the administration of all tenants' sessions under a path: tenants, their sessions, and the end of one, of all of an owner or of all of a tenant.
    /// Beside it lies a page for browsers, which uses it (<see cref="SessionEndpointOptions.AdministrationPage"/>).
    /// Administration is for credentials with the scope <see cref="Stateroom.AspNetCore.Authorization.StateroomScopes.Admin"/> alone, whatever else the host asks for, and writes what it does into the audit log.
    /// </summary>
    /// <param name="endpoints">Where to map it.</param>
    /// <param name="pattern">The path. Default <c>/admin</c>.</param>
    /// <returns>For conventions, such as <c>RequireAuthorization</c> or <c>RequireHost</c>.</returns>
    /// <exception cref="InvalidOperationException"><c>WithSessions</c> was not called on the server's builder.</exception>
    public static IEndpointConventionBuilder MapSessionAdministration(this IEndpointRouteBuilder endpoints, [StringSyntax("Route")] string pattern = "/admin")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var services = endpoints.ServiceProvider;
        if (services.GetService<IServiceProviderIsService>()?.IsService(typeof(StateroomMarker)) != true)
        {
            throw new InvalidOperationException("MapSessionAdministration needs sessions: call services.AddMcpServer().WithSessions() first.");
        }

        var door = services.GetRequiredService<AdministrationDoor>();
        var handler = services.GetRequiredService<AdministrationHandler>();
        var overview = services.GetRequiredService<OverviewHandler>();
        var group = endpoints.MapGroup(pattern).WithMetadata(new AuditedEndpoint(HasSessions: false));
        Map(HttpMethods.Get, "/instances", "list instances", overview.ListInstancesAsync);
        Map(HttpMethods.Get, "/sessions", "find sessions", overview.FindSessionsAsync);
        Map(HttpMethods.Get, "/tenants", "list tenants", handler.ListTenantsAsync);
        Map(HttpMethods.Get, "/tenants/{tenant}", "show tenant", handler.ShowTenantAsync);
        Map(HttpMethods.Get, "/tenants/{tenant}/sessions", "list sessions", handler.ListSessionsAsync);
        Map(HttpMethods.Delete, "/tenants/{tenant}/sessions", "end sessions", handler.EndSessionsAsync);
        Map(HttpMethods.Get, "/tenants/{tenant}/sessions/{reference}", "show session", handler.ShowSessionAsync);
        Map(HttpMethods.Delete, "/tenants/{tenant}/sessions/{reference}", "end session", handler.EndSessionAsync);
        if (services.GetRequiredService<IOptions<SessionEndpointOptions>>().Value is { AdministrationPage: true } options)
        {
            AdministrationPage.Map(group, options);
        }

        return group;

        void Map(string method, [StringSyntax("Route")] string path, string name, Func<HttpContext, AdministrativeAction, Task> act) =>
            group.MapMethods(path, [method], door.Guard(name, act)).WithDisplayName($"Administration: {name}");
    }
}
