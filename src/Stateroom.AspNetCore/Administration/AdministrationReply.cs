using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Stateroom.AspNetCore.Authorization;

namespace Stateroom.AspNetCore.Administration;

/// <summary>How administration answers: JSON that nobody keeps, and errors as RFC 9457 problem details.</summary>
internal static class AdministrationReply
{
    public static Task JsonAsync<T>(HttpContext context, T answer, JsonTypeInfo<T> type) =>
        BodyAsync(context, StatusCodes.Status200OK, "application/json", answer, type);

    /// <summary>RFC 9457: a problem of the type <c>about:blank</c> has the phrase of its status as its title; what helps stands in <c>detail</c>.</summary>
    public static Task ProblemAsync(HttpContext context, int status, string detail) => BodyAsync(
        context,
        status,
        "application/problem+json",
        new ProblemDetails { Type = "about:blank", Title = ReasonPhrases.GetReasonPhrase(status), Status = status, Detail = detail },
        AnswerJson.Default.ProblemDetails);

    /// <summary>RFC 6750 section 3.1.</summary>
    public static Task ScopeNeededAsync(HttpContext context)
    {
        context.Response.Headers.Append(HeaderNames.WWWAuthenticate, $"Bearer error=\"insufficient_scope\", scope=\"{StateroomScopes.Admin}\"");
        return ProblemAsync(context, StatusCodes.Status403Forbidden, $"Administration needs a credential with the scope {StateroomScopes.Admin}.");
    }

    public static Task StoreUnavailableAsync(HttpContext context, string detail)
    {
        context.Response.Headers.RetryAfter = "1";
        return ProblemAsync(context, StatusCodes.Status503ServiceUnavailable, detail);
    }

    private static Task BodyAsync<T>(HttpContext context, int status, string contentType, T answer, JsonTypeInfo<T> type)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(answer, type);
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        response.Headers.XContentTypeOptions = "nosniff";
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
