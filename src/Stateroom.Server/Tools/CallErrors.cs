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
            if (FindFault(request) is { } fault)
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

    private static string? FindFault(RequestContext<CallToolRequestParams> request)
    {
        if (request.MatchedPrimitive is not McpServerTool { ProtocolTool.InputSchema: var schema })
        {
            return null;
        }

        var arguments = request.Params.Arguments ?? new Dictionary<string, JsonElement>();
        return FirstMissing(schema, arguments) is { } missing
            ? $"The argument '{missing}' is missing. Call again with it."
            : FirstUnlisted(schema, arguments);
    }

    private static string? FirstMissing(JsonElement schema, IDictionary<string, JsonElement> arguments) =>
        schema.TryGetProperty("required", out var required)
            ? required.EnumerateArray()
                .Select(name => name.GetString()!)
                .FirstOrDefault(name => !arguments.TryGetValue(name, out var value) || value.ValueKind is JsonValueKind.Null)
            : null;

    /// <summary>Finds an argument that is none of the values that its schema lists. The SDK would read numbers as the values that they stand for inside.</summary>
    private static string? FirstUnlisted(JsonElement schema, IDictionary<string, JsonElement> arguments)
    {
        if (!schema.TryGetProperty("properties", out var properties))
        {
            return null;
        }

        foreach (var (name, value) in arguments)
        {
            if (properties.TryGetProperty(name, out var property)
                && property.TryGetProperty("enum", out var listed)
                && !listed.EnumerateArray().Any(item => JsonElement.DeepEquals(item, value)))
            {
                return $"The argument '{name}' is none of {string.Join(", ", listed.EnumerateArray().Where(item => item.ValueKind is not JsonValueKind.Null))}. Call again with one of them.";
            }
        }

        return null;
    }

    private static CallToolResult Error(string message) => new() { IsError = true, Content = [new TextContentBlock { Text = message }] };
}
