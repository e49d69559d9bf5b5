using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Stateroom.AspNetCore.Diagnostics;

namespace Stateroom.AspNetCore.Auditing;

/// <summary>
/// Has requests counted and the refusals of the endpoints logged. It stands before everything else, so that it also sees what authentication and authorization refuse before a request
/// reaches its endpoint.
/// </summary>
internal sealed class AuditMiddleware(AuditLog audit, ServerMetrics metrics) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(InvokeAsync);
        next(app);
    };

    private async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        var endpoint = context.GetEndpoint()?.Metadata.GetMetadata<AuditedEndpoint>();
        if (endpoint?.HasSessions == true)
        {
            metrics.Served(context);
        }

        if (Refusal.Of(context, endpoint) is { } refusal)
        {
            audit.Refused(context, refusal);
        }
    }
}
