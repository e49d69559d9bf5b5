using System.Text.Json.Nodes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Stateroom.TestProcesses.Clients;

/// <summary>
/// Waits for the progress notifications of one call. The C# client handles messages side by side and drops the handler that it makes for a
/// call with the call's answer, so one that is sure to hear all of them, in whatever order, has to be registered beside it.
/// </summary>
internal sealed class ProgressRecorder : IAsyncDisposable
{
    private readonly List<double> _seen = [];
    private readonly TaskCompletionSource<IReadOnlyList<double>> _complete = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IAsyncDisposable _handler;

    public ProgressRecorder(McpClient client, int expected) =>
        _handler = client.RegisterNotificationHandler(NotificationMethods.ProgressNotification, (notification, _) =>
        {
            if (notification.Params?["progressToken"]?.GetValue<string>() == "recorded")
            {
                Add(notification.Params["progress"]!.GetValue<double>(), expected);
            }

            return ValueTask.CompletedTask;
        });

    /// <summary>Goes with the call.</summary>
    public JsonObject Meta { get; } = new() { ["progressToken"] = "recorded" };

    public Task<IReadOnlyList<double>> Complete => _complete.Task;

    public ValueTask DisposeAsync() => _handler.DisposeAsync();

    private void Add(double progress, int expected)
    {
        lock (_seen)
        {
            _seen.Add(progress);
            if (_seen.Count == expected)
            {
                _complete.TrySetResult([.. _seen]);
            }
        }
    }
}
