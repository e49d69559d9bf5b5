#pragma warning disable MCP9006
using Microsoft.AspNetCore.Routing;
using ModelContextProtocol.Server;
using Stateroom.Tenancy;

namespace Stateroom.Messaging
{
    /// <summary>Placeholder.</summary>
    public interface ISessionNotifier
    {
        /// <summary>Placeholder.</summary>
        ValueTask ToolsChangedAsync(TenantId? tenant = null, CancellationToken cancellationToken = default);

        /// <summary>Placeholder.</summary>
        ValueTask PromptsChangedAsync(TenantId? tenant = null, CancellationToken cancellationToken = default);

        /// <summary>Placeholder.</summary>
        ValueTask ResourcesChangedAsync(TenantId? tenant = null, CancellationToken cancellationToken = default);

        /// <summary>Placeholder.</summary>
        ValueTask ResourceUpdatedAsync(string uri, TenantId? tenant = null, CancellationToken cancellationToken = default);
    }
}

namespace Stateroom.AspNetCore
{
    /// <summary>Placeholder.</summary>
    public sealed class SessionEndpointOptions
    {
        /// <summary>Placeholder.</summary>
        public bool AllowAnonymous { get; set; }
    }

    /// <summary>Placeholder.</summary>
    public static class RequestContextExtensions
    {
        /// <summary>Placeholder.</summary>
        public static ValueTask PauseStreamAsync<TParams>(this RequestContext<TParams> request, TimeSpan retry, CancellationToken cancellationToken) =>
            request.EnablePollingAsync(retry, cancellationToken);
    }
}

namespace Microsoft.Extensions.DependencyInjection
{
    /// <summary>Placeholder.</summary>
    public static class PlaceholderSessionExtensions
    {
        /// <summary>Placeholder.</summary>
        public static IMcpServerBuilder WithSessions(this IMcpServerBuilder builder, Action<Stateroom.Sessions.SessionOptions>? configure = null) => builder;
    }
}

namespace Microsoft.AspNetCore.Builder
{
    /// <summary>Placeholder.</summary>
    public static class PlaceholderEndpointExtensions
    {
        /// <summary>Placeholder.</summary>
        public static IEndpointConventionBuilder MapMcpSessions(this IEndpointRouteBuilder endpoints, string pattern = "/mcp") => endpoints.MapMcp(pattern);
    }
}
