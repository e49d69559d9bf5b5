using System.Text.Json;
using System.Threading.Channels;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace Stateroom.Server.Tests.Tools;

/// <summary>Collects every progress notification that reaches a client, which hands them on in parallel, also after the call's answer.</summary>
internal sealed class Reports : IProgress<ProgressNotificationValue>, IAsyncDisposable
{
    private readonly Channel<ProgressNotificationValue> _arrived = Channel.CreateUnbounded<ProgressNotificationValue>();
    private readonly IAsyncDisposable _registration;

    public Reports(McpClient client) => _registration = client.RegisterNotificationHandler(NotificationMethods.ProgressNotification, (notification, cancellationToken) =>
    {
        var report = notification.Params.Deserialize<ProgressNotificationParams>(McpJsonUtilities.DefaultOptions)!;
        return _arrived.Writer.WriteAsync(report.Progress, cancellationToken);
    });

    /// <summary>Is here to have the client ask for progress.</summary>
    public void Report(ProgressNotificationValue value)
    {
    }

    /// <summary>Waits for so many reports.</summary>
    /// <returns>The reports by their progress.</returns>
    public async Task<List<ProgressNotificationValue>> TakeAsync(int count)
    {
        var values = new List<ProgressNotificationValue>();
        while (values.Count < count)
        {
            values.Add(await _arrived.Reader.ReadAsync(TestContext.Current.CancellationToken));
        }

        return [.. values.OrderBy(v => v.Progress)];
    }

    public ValueTask DisposeAsync() => _registration.DisposeAsync();
}
