using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Diagnostics;
using Stateroom.AspNetCore.Stateless;

namespace Stateroom.AspNetCore.Limits;

/// <summary>Notes what a stateless-era call says and is answered with, and gives its place back before its client has the answer, so that what it sends next finds room.</summary>
internal sealed class AnswerFilter(RequestAccessor http)
{
    public McpMessageHandler Wrap(McpMessageHandler next) => (context, cancellationToken) =>
    {
        context.Services?.GetService<AnswerStream>()?.Expect(context.JsonRpcMessage);
        if (context.JsonRpcMessage is JsonRpcResponse or JsonRpcError && http.HttpContext?.Features is { } features)
        {
            Note(features, context.JsonRpcMessage);
        }

        return next(context, cancellationToken);
    };

    /// <summary>Notes what a call is answered with.</summary>
    public static void Note(IFeatureCollection features, JsonRpcMessage answer)
    {
        features.Get<RequestAdmission>()?.Dispose();
        if (features.Get<McpOperation>() is { } operation)
        {
            operation.Response = answer;
        }
    }
}
