using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Diagnostics;

namespace Stateroom.AspNetCore.Handshake.Direct;

/// <summary>Whether anybody follows what the SDK tells of each request: who does is to be told of every one, so its own server runs them all.</summary>
internal sealed class SdkWatch(ILogger<McpServer> log)
{
    private const string Name = "Experimental.ModelContextProtocol";

    // Listeners choose by name, so whoever listens to those of the SDK listens to these, by which nothing is ever said.
    private static readonly ActivitySource _source = new(Name);
    private static readonly Histogram<double> _duration = new Meter(Name).CreateHistogram<double>("mcp.server.operation.duration", "s");

    public bool IsOn => log.IsEnabled(LogLevel.Information) || _source.HasListeners() || _duration.Enabled;

    /// <summary>Logs what a tool failed with, where the SDK would: without it nobody may hear of it.</summary>
    public void ToolFailed(string tool, Exception exception)
    {
        if (log.IsEnabled(LogLevel.Error))
        {
            Log.ToolFailed(log, tool, FailureText.Of(exception));
        }
    }
}
