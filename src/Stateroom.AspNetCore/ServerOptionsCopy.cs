using ModelContextProtocol.Server;

namespace Stateroom.AspNetCore;

/// <summary>Copies of the SDK's options, which it has no way to make. What they hold is shared with the original; what is put in its place is the copy's own.</summary>
internal static class ServerOptionsCopy
{
    /// <summary>Everything but what is told of one client.</summary>
    public static McpServerOptions Of(McpServerOptions from) => new()
    {
        Capabilities = from.Capabilities,
        Filters = from.Filters,
        Handlers = from.Handlers,
        InitializationTimeout = from.InitializationTimeout,
        MaxSamplingOutputTokens = from.MaxSamplingOutputTokens,
        PromptCollection = from.PromptCollection,
        ProtocolVersion = from.ProtocolVersion,
        RequestHandlers = from.RequestHandlers,
        ResourceCollection = from.ResourceCollection,
        ScopeRequests = from.ScopeRequests,
        ServerInfo = from.ServerInfo,
        ServerInstructions = from.ServerInstructions,
        ToolCollection = from.ToolCollection,
    };

    /// <summary>
    /// Everything but the handlers that the handshake era puts its own around (log level, subscribe, unsubscribe) and <c>subscriptions/listen</c>, which it does not have.
    /// </summary>
    public static McpServerHandlers Of(McpServerHandlers from) => new()
    {
        CallToolHandler = from.CallToolHandler,
        CallToolWithAlternateHandler = from.CallToolWithAlternateHandler,
        CompleteHandler = from.CompleteHandler,
        GetPromptHandler = from.GetPromptHandler,
        ListPromptsHandler = from.ListPromptsHandler,
        ListResourcesHandler = from.ListResourcesHandler,
        ListResourceTemplatesHandler = from.ListResourceTemplatesHandler,
        ListToolsHandler = from.ListToolsHandler,
        NotificationHandlers = from.NotificationHandlers,
        ReadResourceHandler = from.ReadResourceHandler,
    };

    /// <summary>All of the filters of requests.</summary>
    public static McpRequestFilters Of(McpRequestFilters from) => new()
    {
        CallToolFilters = from.CallToolFilters,
        CallToolWithAlternateFilters = from.CallToolWithAlternateFilters,
        CompleteFilters = from.CompleteFilters,
        GetPromptFilters = from.GetPromptFilters,
        ListPromptsFilters = from.ListPromptsFilters,
        ListResourcesFilters = from.ListResourcesFilters,
        ListResourceTemplatesFilters = from.ListResourceTemplatesFilters,
        ListToolsFilters = from.ListToolsFilters,
        ReadResourceFilters = from.ReadResourceFilters,
        SetLoggingLevelFilters = from.SetLoggingLevelFilters,
        SubscribeToResourcesFilters = from.SubscribeToResourcesFilters,
        UnsubscribeFromResourcesFilters = from.UnsubscribeFromResourcesFilters,
    };
}
