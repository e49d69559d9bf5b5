using ModelContextProtocol.Server;

namespace Stateroom.AspNetCore;

/// <summary>What a server offers, by its options.</summary>
internal static class ServerFeatures
{
    /// <summary>Whether there are resources, from a collection or from handlers, or the host says so.</summary>
    public static bool HasResources(this McpServerOptions options) =>
        options.ResourceCollection is not null
        || options.Handlers.ListResourcesHandler is not null
        || options.Handlers.ListResourceTemplatesHandler is not null
        || options.Handlers.ReadResourceHandler is not null
        || options.Capabilities?.Resources is not null;
}
