namespace Stateroom.AspNetCore.Diagnostics;

/// <summary>The names under which this library tells what it does. What each means and what to do about it: <c>docs/telemetry.md</c>.</summary>
public static class StateroomAspNetCoreTelemetry
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Stateroom.AspNetCore";

    /// <summary>The name of the source of spans.</summary>
    public const string ActivitySourceName = "Stateroom.AspNetCore";

    /// <summary>
    /// Histogram, in seconds: how long MCP requests took, by the tags of the OpenTelemetry semantic conventions for MCP. The SDK has one of the same name on its own
    /// meter, whose tags hold whatever clients send: collect one of the two.
    /// </summary>
    public const string OperationDuration = "mcp.server.operation.duration";

    /// <summary>Counter: HTTP requests to the MCP endpoint, when they are done, by tenant, <c>http.request.method</c> and <c>http.response.status_code</c>.</summary>
    public const string Requests = "stateroom.requests";

    /// <summary>Counter: what was refused because a limit is reached, by tenant and limit.</summary>
    public const string LimitRejections = "stateroom.limit.rejections";

    /// <summary>Counter: clients' answers to questions, by <see cref="Route"/>.</summary>
    public const string RepliesRouted = "stateroom.replies.routed";

    /// <summary>Up-down counter: event streams that are open at this instance.</summary>
    public const string StreamsOpen = "stateroom.streams.open";

    /// <summary>Gauge: questions that calls at this instance have put to their clients and that are not answered yet.</summary>
    public const string QuestionsOpen = "stateroom.questions.open";

    /// <summary>Tag: where an answer went, <c>local</c>, <c>remote</c> or <c>ignored</c>.</summary>
    public const string Route = "stateroom.route";
}
