using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Stateroom.AspNetCore.Limits;

/// <summary>Gives the place of a stateless-era call back before its client has the answer, so that what it sends next finds room.</summary>
internal sealed class AnswerFilter(IHttpContextAccessor http)
{
    public McpMessageHandler Wrap(McpMessageHandler next) => (context, cancellationToken) =>
    {
        if (context.JsonRpcMessage is JsonRpcResponse or JsonRpcError)
        {
            http.HttpContext?.Features.Get<RequestAdmission>()?.Dispose();
        }

        return next(context, cancellationToken);
    };
}
