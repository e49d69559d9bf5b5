using System.ComponentModel;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Stateroom.Conformance.Fixture.Tools;

/// <summary>Tools that show what a client of the stateless era allows with each request.</summary>
public sealed partial class CapabilityTools
{
    [McpServerTool(Name = "test_missing_capability"), Description("Needs a client that can sample")]
    public static string NeedSampling(RequestContext<CallToolRequestParams> request) =>
        (request.JsonRpcRequest.Context?.ClientCapabilities ?? request.Server.ClientCapabilities)?.Sampling is null
            ? throw new MissingRequiredClientCapabilityException(new() { Sampling = new() })
            : "This client can sample.";

    [McpServerTool(Name = "test_streaming_elicitation"), Description("Sends nothing but its answer")]
    public static string AnswerOnly() => "Nothing but this.";

    [McpServerTool(Name = "test_logging_tool"), Description("Logs once, which the client hears if the request asks for it")]
    public static string Log(McpServer server)
    {
        Logged(server.AsClientLoggerProvider().CreateLogger("fixture"));
        return "Logged.";
    }

    [LoggerMessage(1, LogLevel.Information, "test_logging_tool ran")]
    private static partial void Logged(ILogger logger);
}
