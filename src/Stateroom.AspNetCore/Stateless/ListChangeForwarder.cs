using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Diagnostics;
using Stateroom.Messaging;

namespace Stateroom.AspNetCore.Stateless;

/// <summary>Tells clients when the server's own tools, prompts or resources change. Once for all: the servers that handle single requests come and go.</summary>
internal sealed class ListChangeForwarder(IOptions<McpServerOptions> options, ISessionNotifier notifier, ILogger<ListChangeForwarder> logger) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stopped = new();

    public Task StartAsync(CancellationToken cancellationToken)
    {
        options.Value.ToolCollection?.Changed += OnToolsChanged;
        options.Value.PromptCollection?.Changed += OnPromptsChanged;
        options.Value.ResourceCollection?.Changed += OnResourcesChanged;
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        options.Value.ToolCollection?.Changed -= OnToolsChanged;
        options.Value.PromptCollection?.Changed -= OnPromptsChanged;
        options.Value.ResourceCollection?.Changed -= OnResourcesChanged;
        return _stopped.CancelAsync();
    }

    public void Dispose() => _stopped.Dispose();

    private void OnToolsChanged(object? sender, EventArgs e) => _ = TellAsync(ct => notifier.ToolsChangedAsync(null, ct));

    private void OnPromptsChanged(object? sender, EventArgs e) => _ = TellAsync(ct => notifier.PromptsChangedAsync(null, ct));

    private void OnResourcesChanged(object? sender, EventArgs e) => _ = TellAsync(ct => notifier.ResourcesChangedAsync(null, ct));

    private async Task TellAsync(Func<CancellationToken, Task> tell)
    {
        try
        {
            await tell(_stopped.Token);
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
#pragma warning disable CA1031 // Whatever went wrong with the telling, whoever changed the list is not concerned.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.ListChangeNotTold(logger, e);
        }
    }
}
