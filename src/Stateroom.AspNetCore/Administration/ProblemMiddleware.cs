using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Stateroom.AspNetCore.Authorization;

namespace Stateroom.AspNetCore.Administration;

/// <summary>Gives the errors of administration a body that have none: authentication and authorization of the host answer with a status alone, before the endpoint is reached.</summary>
internal sealed class ProblemMiddleware : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(InvokeAsync);
        next(app);
    };

    private static async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        var response = context.Response;
        if (response is { StatusCode: >= 400, HasStarted: false, ContentLength: null, ContentType: null } && AdministrationEndpoint.IsTargetOf(context))
        {
            response.Headers.CacheControl = "no-store";
            await AdministrationReply.ProblemAsync(context, response.StatusCode, DetailOf(response.StatusCode));
        }
    }

    private static string DetailOf(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => $"Administration needs a valid credential with the scope {StateroomScopes.Admin}, sent as Authorization: Bearer.",
        StatusCodes.Status403Forbidden => $"Administration needs a credential with the scope {StateroomScopes.Admin}, and whatever more this server asks for.",
        StatusCodes.Status503ServiceUnavailable => "The credential cannot be checked at the moment. Try again shortly.",
        _ => "This server refused the request before administration saw it.",
    };
}
