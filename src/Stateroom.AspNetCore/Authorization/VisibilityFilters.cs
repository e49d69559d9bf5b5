using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.State;
using Stateroom.Tenancy;
using ToolResult = ModelContextProtocol.Protocol.ResultOrAlternate<ModelContextProtocol.Protocol.CallToolResult>;

namespace Stateroom.AspNetCore.Authorization;

/// <summary>
/// Has what is hidden take the path of what never existed: it is unmatched before any other filter sees it, and refused in the handler's place, so that no
/// filter and no handler of the host's makes a difference. Scopes were looked at before; whatever got past that is refused here.
/// </summary>
internal sealed class VisibilityFilters(FeatureGate gate, ISessionAccessor accessor)
{
    private const string Hidden = "Stateroom.Hidden";
    private const string FirstWithInvalidParams = "2026-07-28";

    /// <summary>Whether the request names something that does not exist for its caller.</summary>
    public static bool IsHidden(MessageContext request) =>
        request.JsonRpcMessage.Context?.Items?.ContainsKey(Hidden) == true; // The request's own property would make them where nobody has any.

    /// <summary>Who makes a request.</summary>
    public FeatureViewer ViewerOf(MessageContext request) => new(accessor.Current?.Caller ?? Caller.Anonymous, request.User ?? new());

    public ValueTask<ToolResult> CallToolAsync(
        RequestContext<CallToolRequestParams> request, McpRequestHandler<CallToolRequestParams, ToolResult> next, CancellationToken cancellationToken)
    {
        // Most are looked at without a wait, and then the call needs nothing of this filter any more.
        var looking = LookAsync(request, request.Params?.Name is { } name ? Offer.Tool(name, request.Server.ServerOptions) : null, cancellationToken);
        return looking.IsCompletedSuccessfully ? next(request, cancellationToken) : CallToolAsync(looking, request, next, cancellationToken);
    }

    private static async ValueTask<ToolResult> CallToolAsync(
        ValueTask looking, RequestContext<CallToolRequestParams> request, McpRequestHandler<CallToolRequestParams, ToolResult> next, CancellationToken cancellationToken)
    {
        await looking;
        return await next(request, cancellationToken);
    }

    public McpRequestHandler<GetPromptRequestParams, GetPromptResult> GetPrompt(McpRequestHandler<GetPromptRequestParams, GetPromptResult> next) =>
        async (request, cancellationToken) =>
        {
            await LookAsync(request, request.Params?.Name is { } name ? Offer.Prompt(name, request.Server.ServerOptions) : null, cancellationToken);
            return await next(request, cancellationToken);
        };

    public McpRequestHandler<ReadResourceRequestParams, ReadResourceResult> ReadResource(McpRequestHandler<ReadResourceRequestParams, ReadResourceResult> next) =>
        async (request, cancellationToken) =>
        {
            await LookAsync(request, request.Params?.Uri is { } uri ? Offer.Resource(uri, request.Server.ServerOptions) : null, cancellationToken);
            return await next(request, cancellationToken);
        };

    /// <summary>A resource that is hidden is followed by nobody. Where the host does not look at what is followed, neither does it say so.</summary>
    public McpRequestFilter<SubscribeRequestParams, EmptyResult> Subscribe(bool hostLooks) => next => async (request, cancellationToken) =>
    {
        await LookAsync(request, request.Params?.Uri is { } uri ? Offer.Resource(uri, request.Server.ServerOptions) : null, cancellationToken);
        return !IsHidden(request) ? await next(request, cancellationToken)
            : hostLooks ? throw UnknownResource(request, request.Params?.Uri)
            : new EmptyResult();
    };

    public McpRequestHandler<CompleteRequestParams, CompleteResult> Complete(McpRequestHandler<CompleteRequestParams, CompleteResult> next) =>
        async (request, cancellationToken) =>
        {
            await LookAsync(request, RequestOffers.Of(request.Params?.Ref, request.Server.ServerOptions), cancellationToken);
            return IsHidden(request) ? new CompleteResult() : await next(request, cancellationToken);
        };

    /// <summary>The SDK matches tools anew for its inner filters.</summary>
    public static McpRequestHandler<CallToolRequestParams, CallToolResult> Unmatch(McpRequestHandler<CallToolRequestParams, CallToolResult> next) => (request, cancellationToken) =>
    {
        if (IsHidden(request))
        {
            request.MatchedPrimitive = null;
        }

        return next(request, cancellationToken);
    };

    // The words of the SDK for what it does not know.
    public static McpRequestHandler<CallToolRequestParams, CallToolResult> RefuseTool(McpRequestHandler<CallToolRequestParams, CallToolResult> next) => (request, cancellationToken) =>
        IsHidden(request) ? throw UnknownTool(request) : next(request, cancellationToken);

    public static ValueTask<ToolResult> RefuseToolAsync(
        RequestContext<CallToolRequestParams> request, McpRequestHandler<CallToolRequestParams, ToolResult> next, CancellationToken cancellationToken) =>
        IsHidden(request) ? throw UnknownTool(request) : next(request, cancellationToken);

    public static McpRequestHandler<GetPromptRequestParams, GetPromptResult> RefusePrompt(McpRequestHandler<GetPromptRequestParams, GetPromptResult> next) => (request, cancellationToken) =>
        IsHidden(request) ? throw new McpProtocolException($"Unknown prompt: '{request.Params?.Name}'", McpErrorCode.InvalidParams) : next(request, cancellationToken);

    public static McpRequestHandler<ReadResourceRequestParams, ReadResourceResult> RefuseResource(McpRequestHandler<ReadResourceRequestParams, ReadResourceResult> next) => (request, cancellationToken) =>
        IsHidden(request) ? throw UnknownResource(request, request.Params?.Uri) : next(request, cancellationToken);

    private async ValueTask LookAsync<TParams>(RequestContext<TParams> request, Offer? named, CancellationToken cancellationToken)
    {
        if (named is not { } offer)
        {
            return;
        }

        var viewer = ViewerOf(request);
        if (!await gate.IsVisibleAsync(offer, viewer, cancellationToken))
        {
            request.Items[Hidden] = true;
            request.MatchedPrimitive = null;
        }
        else if (gate.FindLacking(offer, viewer) is { } needed)
        {
            throw new McpProtocolException($"The credential lacks a scope; needed: {string.Join(' ', needed)}.", McpErrorCode.InvalidRequest);
        }
    }

    private static McpProtocolException UnknownTool(RequestContext<CallToolRequestParams> request) => new($"Unknown tool: '{request.Params?.Name}'", McpErrorCode.InvalidParams);

    private static McpProtocolException UnknownResource(MessageContext request, string? uri) => new(
        $"Unknown resource URI: '{uri}'",
        string.CompareOrdinal(request.Server.NegotiatedProtocolVersion, FirstWithInvalidParams) >= 0 ? McpErrorCode.InvalidParams : McpErrorCode.ResourceNotFound);
}
