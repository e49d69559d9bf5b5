using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Stateroom.Server.Tools;

/// <summary>
/// Has a model read what went wrong with its call. Left to the SDK, a wrong argument would be an unnamed error,
/// and the message of an exception, which may repeat an argument, would stand in the log.
/// </summary>
internal static class CallErrors
{
    public static IMcpServerBuilder WithCallErrors(this IMcpServerBuilder builder) =>
        builder.WithRequestFilters(filters => filters.AddCallToolFilter(next => async (request, cancellationToken) =>
        {
            if (request.MatchedPrimitive is McpServerTool tool && ArgumentRules.Of(tool).FindFault(request.Params.Arguments) is { } fault)
            {
                return Error(fault);
            }

            try
            {
                return await next(request, cancellationToken);
            }
            catch (McpException e) when (e is not McpProtocolException)
            {
                return Error(e.Message);
            }
            catch (JsonException)
            {
                return Error($"An argument is not what the input schema of '{request.Params.Name}' asks for. Compare them and call again.");
            }
        }));

    private static CallToolResult Error(string message) => new() { IsError = true, Content = [new TextContentBlock { Text = message }] };
}
