using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Stateroom.AspNetCore.Authorization;

/// <summary>
/// Leaves what is hidden out of lists. What a handler returned may be shared between calls: it is left alone.
/// A list that may differ from caller to caller is kept out of shared caches: MCP 2026-07-28, Caching, Cache Scope Field.
/// </summary>
internal sealed class ListFilters(FeatureGate gate, VisibilityFilters filters)
{
    public McpRequestHandler<ListToolsRequestParams, ListToolsResult> Tools(McpRequestHandler<ListToolsRequestParams, ListToolsResult> next) => async (request, cancellationToken) =>
    {
        var result = await next(request, cancellationToken);
        return Private(result, new ListToolsResult
        {
            Tools = await VisibleAsync(request, result.Tools, static (tool, server) => Offer.Tool(tool.Name, server), cancellationToken),
        });
    };

    public McpRequestHandler<ListPromptsRequestParams, ListPromptsResult> Prompts(McpRequestHandler<ListPromptsRequestParams, ListPromptsResult> next) => async (request, cancellationToken) =>
    {
        var result = await next(request, cancellationToken);
        return Private(result, new ListPromptsResult
        {
            Prompts = await VisibleAsync(request, result.Prompts, static (prompt, server) => Offer.Prompt(prompt.Name, server), cancellationToken),
        });
    };

    public McpRequestHandler<ListResourcesRequestParams, ListResourcesResult> Resources(McpRequestHandler<ListResourcesRequestParams, ListResourcesResult> next) => async (request, cancellationToken) =>
    {
        var result = await next(request, cancellationToken);
        return Private(result, new ListResourcesResult
        {
            Resources = await VisibleAsync(request, result.Resources, static (resource, server) => Offer.Resource(resource.Uri, server), cancellationToken),
        });
    };

    public McpRequestHandler<ListResourceTemplatesRequestParams, ListResourceTemplatesResult> Templates(
        McpRequestHandler<ListResourceTemplatesRequestParams, ListResourceTemplatesResult> next) => async (request, cancellationToken) =>
    {
        var result = await next(request, cancellationToken);
        return Private(result, new ListResourceTemplatesResult
        {
            ResourceTemplates = await VisibleAsync(request, result.ResourceTemplates, static (template, server) => Offer.Template(template.UriTemplate, server), cancellationToken),
        });
    };

    /// <summary>What is left of a list, with all else that the list says.</summary>
    private static T Private<T>(T all, T visible)
        where T : PaginatedResult, ICacheableResult
    {
        visible.NextCursor = all.NextCursor;
        visible.Meta = all.Meta;
        visible.ResultType = all.ResultType;
        visible.TimeToLive = all.TimeToLive;
        visible.CacheScope = CacheScope.Private;
        return visible;
    }

    private async ValueTask<IList<T>> VisibleAsync<T>(MessageContext request, IList<T> all, Func<T, McpServerOptions, Offer> name, CancellationToken cancellationToken)
    {
        var viewer = filters.ViewerOf(request);
        var visible = new List<T>(all.Count);
        foreach (var item in all)
        {
            if (await gate.IsVisibleAsync(name(item, request.Server.ServerOptions), viewer, cancellationToken))
            {
                visible.Add(item);
            }
        }

        return visible;
    }
}
