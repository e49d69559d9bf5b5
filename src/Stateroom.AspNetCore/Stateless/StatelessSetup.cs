using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Limits;
using Result = ModelContextProtocol.Protocol.ResultOrAlternate<ModelContextProtocol.Protocol.CallToolResult>;

namespace Stateroom.AspNetCore.Stateless;

/// <summary>
/// Puts the filters around every handler. The SDK makes its options anew for each stateless request, so this only hands over delegates that exist.
/// </summary>
internal sealed class StatelessSetup : IPostConfigureOptions<McpServerOptions>
{
    private readonly McpRequestFilter<ListToolsRequestParams, ListToolsResult> _listTools;
    private readonly McpRequestInvocationFilter<CallToolRequestParams, Result> _callTool;
    private readonly McpRequestFilter<CallToolRequestParams, CallToolResult> _toolErrors;
    private readonly McpRequestFilter<GetPromptRequestParams, GetPromptResult> _getPrompt;
    private readonly McpRequestFilter<ReadResourceRequestParams, ReadResourceResult> _readResource;
    private readonly McpRequestHandler<SubscriptionsListenRequestParams, EmptyResult> _listen;
    private readonly McpMessageFilter _answer;

    public StatelessSetup(ListToolsFilter listTools, CallToolFilter callTool, RetryFilter retries, ToolErrors toolErrors, ListenHandler listen, AnswerFilter answer)
    {
        _listTools = listTools.Wrap;
        _callTool = callTool.InvokeAsync;
        _toolErrors = toolErrors.Wrap;
        _getPrompt = retries.Wrap;
        _readResource = retries.Wrap;
        _listen = listen.HandleAsync;
        _answer = answer.Wrap;
    }

    public void PostConfigure(string? name, McpServerOptions options)
    {
        options.Filters.Message.OutgoingFilters.Add(_answer);
        var filters = options.Filters.Request;
        filters.ListToolsFilters.Insert(0, _listTools);
        filters.CallToolWithAlternateFilters.Insert(0, _callTool);
        filters.GetPromptFilters.Insert(0, _getPrompt);
        filters.ReadResourceFilters.Insert(0, _readResource);
        if (options.Handlers.CallToolWithAlternateHandler is null)
        {
            // The SDK refuses ordinary filters beside such a handler; then the filter above tells these errors.
            filters.CallToolFilters.Insert(0, _toolErrors);
        }

        if (options.Handlers.SubscriptionsListenHandler is null)
        {
            options.Handlers.SubscriptionsListenHandler = _listen;
            AdvertiseSubscriptions(options);
        }
    }

    /// <summary>That lists change the SDK says by itself where it has collections.</summary>
    private static void AdvertiseSubscriptions(McpServerOptions options)
    {
        if (options.HasResources())
        {
            var capabilities = options.Capabilities ??= new ServerCapabilities();
            var resources = capabilities.Resources ??= new ResourcesCapability();
            resources.Subscribe ??= true;
        }
    }
}
