using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;

namespace Stateroom.AspNetCore.Stateless;

/// <summary>Has the server not start with tools that cannot be shown to stateless-era clients, instead of failing at the first list.</summary>
internal sealed class ToolCheck(IOptions<McpServerOptions> options, SessionSchema schema, SessionTools sessionTools) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.ToolCollection is { } tools)
        {
            foreach (var tool in tools.Where(SessionUse.By))
            {
                schema.Of(tool.ProtocolTool, mirrored: false);
            }

            if (sessionTools.All.FirstOrDefault(t => tools.TryGetPrimitive(t.ProtocolTool.Name, out _)) is { } namesake)
            {
                throw new InvalidOperationException(
                    $"There is a tool '{namesake.ProtocolTool.Name}' already. Rename it, or turn {nameof(SessionEndpointOptions)}.{nameof(SessionEndpointOptions.SessionTools)} off.");
            }
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
