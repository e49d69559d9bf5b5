using System.Runtime.ExceptionServices;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Stateroom.AspNetCore.Direct;

/// <summary>
/// How a call ends that was run without a server of the SDK and has no result: one of the SDK's runs it once more, of which nothing is seen but that it ends in the same way.
/// What is answered then is up to the SDK.
/// </summary>
internal static class Takeover
{
    private const string Thrown = "Stateroom.Thrown";

    /// <summary>Keeps what a call ended with for the server that takes it over.</summary>
    public static void Prepare(JsonRpcRequest request, ToolPipeline tools, CallToolRequestParams parameters, Exception thrown)
    {
        if (thrown is not (McpProtocolException or InputRequiredException))
        {
            // It has a result, which cannot be written, or what it was given cannot be disposed of. It is told of here: the SDK would log the words of what is within, too.
            tools.LogFailure(parameters.Name, thrown);
            thrown = new McpProtocolException(thrown is McpException ? thrown.Message : "An error occurred.", McpErrorCode.InternalError);
        }

        (request.Context!.Items ??= new Dictionary<string, object?>())[Thrown] = ExceptionDispatchInfo.Capture(thrown);
    }

    /// <summary>The first of all filters at that server: has the call end as it did, before anything of the host's sees it twice.</summary>
    public static ValueTask<ResultOrAlternate<CallToolResult>> ThrowAgainAsync(
        RequestContext<CallToolRequestParams> request, McpRequestHandler<CallToolRequestParams, ResultOrAlternate<CallToolResult>> next, CancellationToken cancellationToken)
    {
        if (request.JsonRpcRequest.Context?.Items is { } items && items.Remove(Thrown, out var thrown))
        {
            ((ExceptionDispatchInfo)thrown!).Throw();
        }

        return next(request, cancellationToken);
    }

    /// <summary>The filters of requests with that one before them.</summary>
    public static McpRequestFilters FiltersWith(McpRequestFilters host)
    {
        var filters = ServerOptionsCopy.Of(host);
        filters.CallToolWithAlternateFilters = [ThrowAgainAsync, .. host.CallToolWithAlternateFilters];
        return filters;
    }
}
