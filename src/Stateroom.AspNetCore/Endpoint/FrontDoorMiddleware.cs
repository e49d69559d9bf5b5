using Microsoft.AspNetCore.Http;
using Stateroom.AspNetCore.Administration;

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
            : AdministrationEndpoint.IsTargetOf(context) ? AdministrationReply.ProblemAsync(context, StatusCodes.Status403Forbidden, objection)
            : Reply.ForbiddenAsync(context, objection);
    }

    /// <summary>Whatever else an endpoint said of caches.</summary>
    private static Task KeepFromCachesAsync(object response)
    {
        var headers = ((HttpResponse)response).Headers;
        if (!headers.CacheControl.ToString().Contains(NoStore, StringComparison.OrdinalIgnoreCase))
        {
            headers.CacheControl = headers.CacheControl.Count == 0 ? NoStore : $"{headers.CacheControl}, {NoStore}";
        }

        return Task.CompletedTask;
    }
}
