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
            if (FirstMissing(request) is { } missing)
            {
                return Error($"The argument '{missing}' is missing. Call again with it.");
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

    private static string? FirstMissing(RequestContext<CallToolRequestParams> request)
    {
        if (request.MatchedPrimitive is not McpServerTool tool || !tool.ProtocolTool.InputSchema.TryGetProperty("required", out var required))
        {
            return null;
        }

        foreach (var name in required.EnumerateArray())
        {
            if (request.Params.Arguments is not { } arguments
                || !arguments.TryGetValue(name.GetString()!, out var value)
                || value.ValueKind is JsonValueKind.Null)
            {
                return name.GetString();
            }
        }

        return null;
    }

    private static CallToolResult Error(string message) => new() { IsError = true, Content = [new TextContentBlock { Text = message }] };
}
