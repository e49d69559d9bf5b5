using System.Diagnostics;
using System.Globalization;
using ModelContextProtocol.Protocol;
using Stateroom.Sessions;

namespace Stateroom.AspNetCore.Diagnostics;

/// <summary>The span of a question to a client, from the moment when it is asked until it is answered, by way of whichever instance.</summary>
internal static class QuestionSpan
{
    /// <summary>Starts it, as part of the call that asks, and gives the question its context. It does not become the current one.</summary>
    public static Activity? Start(JsonRpcRequest question, SessionKey session)
    {
        var current = Activity.Current;
        var span = McpOperations.Source.StartActivity(question.Method, ActivityKind.Client);
        Activity.Current = current;
        if (span is not null)
        {
            TraceMeta.Write(question.Params, span);
            span.SetTag("mcp.method.name", question.Method).SetTag("mcp.session.id", SessionFingerprint.Of(session.Id));
        }

        return span;
    }

    /// <summary>Ends it where the answer has come to, and links what brought it.</summary>
    public static void End(Activity? span, JsonRpcMessageWithId? answer)
    {
        if (span is null)
        {
            return;
        }

        if (answer is not null && Activity.Current is { } bringing)
        {
            span.AddLink(new ActivityLink(bringing.Context));
        }

        if (answer is null or JsonRpcError)
        {
            var error = (answer as JsonRpcError)?.Error.Code.ToString(CultureInfo.InvariantCulture) ?? "cancelled";
            span.SetTag("error.type", error).SetStatus(ActivityStatusCode.Error);
        }

        span.Stop();
    }
}
