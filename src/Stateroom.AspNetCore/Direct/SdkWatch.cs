using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Server;

namespace Stateroom.AspNetCore.Direct;

/// <summary>Whether anybody follows what the SDK tells of each request: who does is to be told of every one, so its own server runs them all.</summary>
internal sealed class SdkWatch(ILogger<McpServer> log)
{
    private const string Name = "Experimental.ModelContextProtocol";

    // Listeners choose by name, so whoever listens to those of the SDK listens to these. Nothing is ever said by them; a collector may note that there are two of the name.
    private static readonly ActivitySource _source = new(Name);
    private static readonly Histogram<double> _duration = new Meter(Name).CreateHistogram<double>("mcp.server.operation.duration", "s");

    public bool IsOn => log.IsEnabled(LogLevel.Information) || _source.HasListeners() || _duration.Enabled;

    /// <summary>The SDK's log.</summary>
    public ILogger<McpServer> Log => log;
}
