using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.Sessions;
using Stateroom.State;

namespace Stateroom.AspNetCore.Stateless;

/// <summary>Shows stateless-era clients where to pass the handle, and the tools that manage sessions. Handshake-era clients see the tools as written.</summary>
internal sealed class ListToolsFilter(
    ISessionAccessor accessor, SessionSchema schema, SessionTools sessionTools, IOptions<SessionEndpointOptions> options)
{
    private readonly bool _mirrors = options.Value.HandleHeader;
    private readonly bool _variesByCaller = options.Value.HandleHeader || options.Value.SessionTools;

    public McpRequestHandler<ListToolsRequestParams, ListToolsResult> Wrap(McpRequestHandler<ListToolsRequestParams, ListToolsResult> next) =>
        async (request, cancellationToken) =>
        {
            var result = await next(request, cancellationToken);
            return accessor.Current is { Era: SessionEra.Stateless } context ? Show(result, request, context) : result;
        };

    private ListToolsResult Show(ListToolsResult result, RequestContext<ListToolsRequestParams> request, SessionContext context)
    {
        var collection = request.Server.ServerOptions.ToolCollection;
        var mirrored = _mirrors && !context.Caller.IsAnonymous;
        var tools = new List<Tool>(result.Tools.Count + 2);
        foreach (var tool in result.Tools)
        {
            var takesSession = collection is not null && collection.TryGetPrimitive(tool.Name, out var known) && SessionUse.By(known);
            tools.Add(takesSession ? schema.Of(tool, mirrored) : tool);
        }

        if (request.Params?.Cursor is null)
        {
            tools.AddRange(sessionTools.For(context).Select(t => t.ProtocolTool));
        }

        return new ListToolsResult
        {
            Tools = tools,
            NextCursor = result.NextCursor,
            Meta = result.Meta,
            ResultType = result.ResultType,
            TimeToLive = result.TimeToLive,
            // MCP 2026-07-28, Caching: what differs from caller to caller must not be shared between them.
            CacheScope = _variesByCaller ? CacheScope.Private : result.CacheScope,
        };
    }
}
