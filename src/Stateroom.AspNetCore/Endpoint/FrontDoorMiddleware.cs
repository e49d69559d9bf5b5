using Microsoft.AspNetCore.Http;
using Stateroom.AspNetCore.Administration;
using Stateroom.AspNetCore.Auditing;

namespace Stateroom.AspNetCore.Endpoint;

/// <summary>The front door of a whole server: what it refuses reaches no path, and every answer tells browsers to be careful with it.</summary>
internal sealed class FrontDoorMiddleware(RequestDelegate next, FrontDoor door)
{
    private const string NoStore = "no-store";

    public Task InvokeAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = NoStore;
        context.Response.OnStarting(KeepFromCachesAsync, context.Response);
        return door.FindObjection(context) is not { } objection ? next(context)
            : SpeaksMcp(context) ? Reply.ForbiddenAsync(context, objection)
            : AdministrationReply.ProblemAsync(context, StatusCodes.Status403Forbidden, objection);
    }

    /// <summary>Whether whoever sent the request reads JSON-RPC; all others, on whatever path, read HTTP's own problem details.</summary>
    private static bool SpeaksMcp(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<AuditedEndpoint>() is { HasSessions: true };

    /// <summary>Whatever else an endpoint said of caches.</summary>
    private static Task KeepFromCachesAsync(object response)
    {
        var headers = ((HttpResponse)response).Headers;
        if (headers.CacheControl != NoStore && !headers.CacheControl.ToString().Contains(NoStore, StringComparison.OrdinalIgnoreCase))
        {
            headers.CacheControl = headers.CacheControl.Count == 0 ? NoStore : $"{headers.CacheControl}, {NoStore}";
        }

        return Task.CompletedTask;
    }
}
