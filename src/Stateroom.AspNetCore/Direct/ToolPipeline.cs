using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Diagnostics;
using Result = ModelContextProtocol.Protocol.ResultOrAlternate<ModelContextProtocol.Protocol.CallToolResult>;

namespace Stateroom.AspNetCore.Direct;

/// <summary>A tool behind the filters of the server, in the order in which a server of the SDK has them, put together once.</summary>
internal sealed class ToolPipeline
{
    private readonly McpServerPrimitiveCollection<McpServerTool> _tools;
    private readonly McpRequestHandler<CallToolRequestParams, CallToolResult> _ordinary;
    private readonly McpRequestHandler<CallToolRequestParams, Result> _whole;
    private readonly ILogger<McpServer> _log;

    /// <param name="options">The options of a server.</param>
    /// <param name="log">The SDK's log, where it would say what a tool failed with.</param>
    public ToolPipeline(McpServerOptions options, ILogger<McpServer> log)
    {
        _log = log;
        _tools = options.ToolCollection ?? [];
        var otherwise = options.Handlers.CallToolHandler ?? (static (request, _) => throw new McpProtocolException($"Unknown tool: '{request.Params.Name}'", McpErrorCode.InvalidParams));
        var filters = options.Filters.Request;
        _ordinary = filters.CallToolFilters.Reverse().Aggregate<McpRequestFilter<CallToolRequestParams, CallToolResult>, McpRequestHandler<CallToolRequestParams, CallToolResult>>(
            (request, cancellationToken) => request.MatchedPrimitive is McpServerTool tool ? tool.InvokeAsync(request, cancellationToken) : otherwise(request, cancellationToken),
            static (next, filter) => filter(next));
        _whole = filters.CallToolWithAlternateFilters.Reverse().Aggregate<McpRequestInvocationFilter<CallToolRequestParams, Result>, McpRequestHandler<CallToolRequestParams, Result>>(
            InvokeOrdinaryAsync,
            static (next, filter) => (request, cancellationToken) => filter(request, next, cancellationToken));
    }

    /// <summary>Whether there is a tool of this name.</summary>
    public bool Has(string name) => _tools.TryGetPrimitive(name, out _);

    /// <summary>Calls the tool. What it fails with is an error for the model to read, but for what concerns the protocol.</summary>
    /// <exception cref="McpProtocolException">The client is told by a JSON-RPC error.</exception>
    /// <exception cref="InputRequiredException">The client is to be asked first.</exception>
    public async ValueTask<Result> InvokeAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        try
        {
            Match(request);
            return await _whole(request, cancellationToken);
        }
        catch (Exception e) when (IsToolError(e, cancellationToken))
        {
            return Failed(request, e);
        }
    }

    private async ValueTask<Result> InvokeOrdinaryAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        try
        {
            // Anew, as the SDK does: a filter may have put another tool's name into the request.
            Match(request);
            return await _ordinary(request, cancellationToken);
        }
        catch (Exception e) when (IsToolError(e, cancellationToken))
        {
            return Failed(request, e);
        }
    }

    private void Match(RequestContext<CallToolRequestParams> request)
    {
        if (_tools.TryGetPrimitive(request.Params.Name, out var tool))
        {
            request.MatchedPrimitive = tool;
        }
    }

    private static bool IsToolError(Exception exception, CancellationToken cancellationToken) =>
        exception is not (McpProtocolException or InputRequiredException) && !(exception is OperationCanceledException && cancellationToken.IsCancellationRequested);

    /// <summary>Logs what a tool failed with: where the SDK says so, but not in its words, which repeat what a client sent.</summary>
    public void LogFailure(string tool, Exception exception)
    {
        if (_log.IsEnabled(LogLevel.Error))
        {
            Log.ToolFailed(_log, tool, FailureText.Of(exception));
        }
    }

    /// <summary>In the words of the SDK, which shows the messages of its own exceptions only.</summary>
    private CallToolResult Failed(RequestContext<CallToolRequestParams> request, Exception exception)
    {
        LogFailure(request.MatchedPrimitive?.Id ?? "", exception);
        var text = $"An error occurred invoking '{request.Params.Name}'{(exception is McpException ? $": {exception.Message}" : ".")}";
        return new() { IsError = true, Content = [new TextContentBlock { Text = text }] };
    }
}
