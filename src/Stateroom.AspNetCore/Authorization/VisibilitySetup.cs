using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Stateroom.AspNetCore.Authorization;

/// <summary>
/// Puts the filters around and behind all others. To be registered after <see cref="Stateless.StatelessSetup"/>: what is hidden must be so before its filters look.
/// The SDK makes its options anew for each stateless request, so this only hands over delegates that exist.
/// </summary>
internal sealed class VisibilitySetup : IPostConfigureOptions<McpServerOptions>
{
    private readonly McpRequestInvocationFilter<CallToolRequestParams, ResultOrAlternate<CallToolResult>> _callTool;
    private readonly McpRequestInvocationFilter<CallToolRequestParams, ResultOrAlternate<CallToolResult>> _refuseAlternate = VisibilityFilters.RefuseToolAsync;
    private readonly McpRequestFilter<CallToolRequestParams, CallToolResult> _unmatch = VisibilityFilters.Unmatch;
    private readonly McpRequestFilter<CallToolRequestParams, CallToolResult> _refuseTool = VisibilityFilters.RefuseTool;
    private readonly McpRequestFilter<GetPromptRequestParams, GetPromptResult> _getPrompt;
    private readonly McpRequestFilter<GetPromptRequestParams, GetPromptResult> _refusePrompt = VisibilityFilters.RefusePrompt;
    private readonly McpRequestFilter<ReadResourceRequestParams, ReadResourceResult> _readResource;
    private readonly McpRequestFilter<ReadResourceRequestParams, ReadResourceResult> _refuseResource = VisibilityFilters.RefuseResource;
    private readonly McpRequestFilter<CompleteRequestParams, CompleteResult> _complete;
    private readonly McpRequestFilter<SubscribeRequestParams, EmptyResult> _subscribe;
    private readonly McpRequestFilter<SubscribeRequestParams, EmptyResult> _subscribeQuietly;
    private readonly McpRequestFilter<ListToolsRequestParams, ListToolsResult> _tools;
    private readonly McpRequestFilter<ListPromptsRequestParams, ListPromptsResult> _prompts;
    private readonly McpRequestFilter<ListResourcesRequestParams, ListResourcesResult> _resources;
    private readonly McpRequestFilter<ListResourceTemplatesRequestParams, ListResourceTemplatesResult> _templates;

    public VisibilitySetup(VisibilityFilters filters, ListFilters lists)
    {
        _callTool = filters.CallToolAsync;
        _getPrompt = filters.GetPrompt;
        _readResource = filters.ReadResource;
        _complete = filters.Complete;
        _subscribe = filters.Subscribe(hostLooks: true);
        _subscribeQuietly = filters.Subscribe(hostLooks: false);
        _tools = lists.Tools;
        _prompts = lists.Prompts;
        _resources = lists.Resources;
        _templates = lists.Templates;
    }

    public void PostConfigure(string? name, McpServerOptions options)
    {
        var filters = options.Filters.Request;
        filters.CallToolWithAlternateFilters.Insert(0, _callTool);
        if (options.Handlers.CallToolWithAlternateHandler is null)
        {
            filters.CallToolFilters.Insert(0, _unmatch);
            filters.CallToolFilters.Add(_refuseTool);
        }
        else
        {
            filters.CallToolWithAlternateFilters.Add(_refuseAlternate);
        }

        filters.GetPromptFilters.Insert(0, _getPrompt);
        filters.GetPromptFilters.Add(_refusePrompt);
        filters.ReadResourceFilters.Insert(0, _readResource);
        filters.ReadResourceFilters.Add(_refuseResource);
        filters.CompleteFilters.Insert(0, _complete);
        filters.SubscribeToResourcesFilters.Insert(0, options.Handlers.SubscribeToResourcesHandler is null ? _subscribeQuietly : _subscribe);
        filters.ListToolsFilters.Insert(0, _tools);
        filters.ListPromptsFilters.Insert(0, _prompts);
        filters.ListResourcesFilters.Insert(0, _resources);
        filters.ListResourceTemplatesFilters.Insert(0, _templates);
    }
}
