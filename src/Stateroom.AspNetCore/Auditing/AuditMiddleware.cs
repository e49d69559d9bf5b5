using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Stateroom.AspNetCore.Auditing;

/// <summary>
/// Has the refusals of the endpoints logged. It stands before everything else, so that it also sees what authentication and authorization refuse before a request
/// reaches its endpoint.
/// </summary>
internal sealed class AuditMiddleware(AuditLog audit) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(InvokeAsync);
        next(app);
    };

    private async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (AuditedRefusal.Of(context, context.GetEndpoint()?.Metadata.GetMetadata<AuditedEndpoint>()) is { } refusal)
        {
            audit.Refused(context, refusal);
        }
    }
}
