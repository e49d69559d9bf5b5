using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Limits;
using Stateroom.Sessions;
using Stateroom.State;

namespace Stateroom.AspNetCore.Stateless;

/// <summary>Has a tool's caller read what is wrong with its session. The SDK by itself shows the messages of its own exceptions only.</summary>
internal sealed class ToolErrors(RefusalTally tally, ISessionAccessor accessor)
{
    /// <summary>An error that the model reads.</summary>
    public static CallToolResult Of(string message) => new() { IsError = true, Content = [new TextContentBlock { Text = message }] };

    /// <summary>The words for an exception that concerns the caller's session; null for any other.</summary>
    public static string? Explain(Exception exception) => exception switch
    {
        SessionException => exception.Message,
        SessionStoreUnavailableException => "The session store is unavailable; try again.",
        _ => null,
    };

    /// <summary>A filter, right around the host's own, that tells such exceptions while the SDK still lets them be seen.</summary>
    public McpRequestHandler<CallToolRequestParams, CallToolResult> Wrap(McpRequestHandler<CallToolRequestParams, CallToolResult> next) =>
        async (request, cancellationToken) =>
        {
            try
            {
                return await next(request, cancellationToken);
            }
            catch (Exception e) when (Explain(e) is { } message)
            {
                tally.AddTold(accessor.Current?.Caller, e);
                return Of(message);
            }
        };
}
