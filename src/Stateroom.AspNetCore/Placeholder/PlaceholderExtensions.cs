using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Stateroom.State;

namespace Microsoft.Extensions.DependencyInjection
{
    /// <summary>Placeholder.</summary>
    public static class PlaceholderBuilderExtensions
    {
        /// <summary>Placeholder.</summary>
        public static IMcpServerBuilder WithSessions(this IMcpServerBuilder builder, Action<Stateroom.Sessions.SessionOptions>? configure = null)
        {
            ArgumentNullException.ThrowIfNull(builder);
            builder.Services.TryAddSingleton<ISessionCache>(_ => throw new NotImplementedException());
            return builder;
        }
    }
}

namespace Microsoft.AspNetCore.Builder
{
    /// <summary>Placeholder.</summary>
    public static class PlaceholderEndpointExtensions
    {
        /// <summary>Placeholder.</summary>
        public static IEndpointConventionBuilder MapMcpSessions(this IEndpointRouteBuilder endpoints, string pattern = "/mcp") =>
            endpoints.Map(pattern, (HttpContext _) => throw new NotImplementedException());
    }
}
