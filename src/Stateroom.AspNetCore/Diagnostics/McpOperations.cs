using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Endpoint;
using Stateroom.AspNetCore.Stateless;
using Stateroom.Sessions;

namespace Stateroom.AspNetCore.Diagnostics;

/// <summary>
/// Times the MCP requests of both eras and makes a span of each, as the OpenTelemetry semantic conventions for MCP have it. What clients call by a name that does not
/// exist here is <c>_OTHER</c>: names in metrics and spans are this server's own, so there are only so many of them and none says what a client chose.
/// </summary>
internal sealed class McpOperations(ServerMetrics metrics, SessionTools sessionTools, IOptions<McpServerOptions> options)
{
    public const string Other = "_OTHER";

    public static readonly ActivitySource Source = new(StateroomAspNetCoreTelemetry.ActivitySourceName);

    /// <summary>Begins to watch a request; the span, if there is one, becomes the current one.</summary>
    /// <param name="request">The request.</param>
    /// <param name="version">The revision of the protocol; null where none is agreed upon yet.</param>
    /// <param name="session">The id of its session, if it has one.</param>
    /// <param name="tool">The tool of this server that is called, where that is known: a tree is made of the parameters when one looks for it in them.</param>
    /// <returns>What is to be ended with the request; null where nobody wants to know.</returns>
    public McpOperation? Begin(JsonRpcRequest request, string? version, string? session, string? tool = null)
    {
        var traced = Source.HasListeners();
        if (!traced && !metrics.OperationDuration.Enabled)
        {
            return null;
        }

        var method = KnownMethods.Find(request.Method) ?? Other;
        var name = new OperationName(
            method,
            Tool: method != RequestMethods.ToolsCall ? null : tool ?? (NameOf(request) is { } called && IsTool(called) ? called : Other),
            Prompt: method != RequestMethods.PromptsGet ? null : NameOf(request) is { } asked && options.Value.PromptCollection?.TryGetPrimitive(asked, out _) == true ? asked : Other,
            Version: version is null || ProtocolVersions.IsHandshake(version) || version == ProtocolVersions.Stateless ? version : Other);
        return new McpOperation(metrics.OperationDuration, name, traced ? Start(request, name, session) : null);
    }

    private bool IsTool(string name) => options.Value.ToolCollection?.TryGetPrimitive(name, out _) == true || sessionTools.Has(name);

    private static string? NameOf(JsonRpcRequest request) =>
        (request.Params as JsonObject)?["name"] is JsonValue name && name.GetValueKind() == JsonValueKind.String ? name.GetValue<string>() : null;

    private static Activity? Start(JsonRpcRequest request, OperationName name, string? session)
    {
        // The message says whose part it is; what carried it, which may carry others too, is linked.
        var ambient = Activity.Current;
        var sent = TraceMeta.Read(request.Params);
        var activity = Source.StartActivity(
            name.Span,
            ActivityKind.Server,
            sent ?? ambient?.Context ?? default,
            name.Tags,
            sent is not null && ambient is not null ? [new ActivityLink(ambient.Context)] : null);
        if (activity is { IsAllDataRequested: true } && session is not null)
        {
            activity.SetTag("mcp.session.id", SessionFingerprint.Of(session));
        }

        return activity;
    }
}
