using System.ComponentModel;
using System.Text.Json;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore;
using Stateroom.Messaging;

namespace Stateroom.Conformance.Fixture.Tools;

/// <summary>Tools that send something before their answer, or elsewhere than in it.</summary>
public sealed class NotifyingTools(ISessionNotifier notifier)
{
    // The suite asks for pauses of this length between messages.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    [McpServerTool(Name = "test_tool_with_logging"), Description("Logs three times")]
    public static async Task<string> LogAsync(McpServer server, CancellationToken cancellationToken)
    {
        await LogAsync("Tool execution started");
        await Task.Delay(Pause, cancellationToken);
        await LogAsync("Tool processing data");
        await Task.Delay(Pause, cancellationToken);
        await LogAsync("Tool execution completed");
        return "Logged three times.";

        Task LogAsync(string text) => server.SendNotificationAsync(
            NotificationMethods.LoggingMessageNotification,
            new LoggingMessageNotificationParams { Level = LoggingLevel.Info, Logger = "fixture", Data = JsonSerializer.SerializeToElement(text) },
            cancellationToken: cancellationToken);
    }

    [McpServerTool(Name = "test_tool_with_progress"), Description("Reports progress three times")]
    public static async Task<string> ProgressAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        foreach (var progress in (int[])[0, 50, 100])
        {
            if (progress > 0)
            {
                await Task.Delay(Pause, cancellationToken);
            }

            if (request.Params.ProgressToken is { } token)
            {
                await request.Server.NotifyProgressAsync(token, new() { Progress = progress, Total = 100 }, cancellationToken: cancellationToken);
            }
        }

        return "Done.";
    }

    [McpServerTool(Name = "test_reconnection"), Description("Has the client come back for the answer")]
    public static async Task<string> PauseStreamAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        await request.PauseStreamAsync(TimeSpan.FromMilliseconds(500), cancellationToken);
        return "Reconnection test completed successfully";
    }

    [McpServerTool(Name = "test_trigger_tool_change"), Description("Tells listeners that the list of tools has changed")]
    public async Task<string> ToolsChangedAsync(CancellationToken cancellationToken)
    {
        await notifier.ToolsChangedAsync(cancellationToken: cancellationToken);
        return "Told.";
    }

    [McpServerTool(Name = "test_trigger_prompt_change"), Description("Tells listeners that the list of prompts has changed")]
    public async Task<string> PromptsChangedAsync(CancellationToken cancellationToken)
    {
        await notifier.PromptsChangedAsync(cancellationToken: cancellationToken);
        return "Told.";
    }

    [McpServerTool(Name = "test_trigger_resource_update"), Description("Tells subscribers that a resource has changed")]
    public async Task<string> ResourceUpdatedAsync([Description("The resource")] string uri, CancellationToken cancellationToken)
    {
        await notifier.ResourceUpdatedAsync(uri, cancellationToken: cancellationToken);
        return "Told.";
    }
}
