using System.Buffers;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using Stateroom.AspNetCore.Auditing;
using Stateroom.AspNetCore.Limits;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Endpoint;

/// <summary>The answers that the endpoint gives by itself. One method a row of the error table in docs/architecture.md.</summary>
internal static class Reply
{
    private const int ServerError = -32000;

    /// <summary>How long a body is at the most that is handed over at once, in bytes; a longer one waits for its client.</summary>
    public const int MaxAtOnce = 16 * 1024;

    public static Task JsonAsync(HttpContext context, int status, JsonRpcMessage message) => BodyAsync(context, status, JsonRpc.Serialize(message));

    public static Task BodyAsync(HttpContext context, int status, ReadOnlyMemory<byte> body)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "application/json";
        response.Headers.CacheControl = "no-store";
        response.ContentLength = body.Length;
        if (body.Length > MaxAtOnce)
        {
            return response.Body.WriteAsync(body, context.RequestAborted).AsTask();
        }

        // In one piece with the headers and the end; completed, so that it also comes through what a host has put around the body.
        response.BodyWriter.Write(body.Span);
        return response.CompleteAsync();
    }

    public static Task BatchAsync(HttpContext context, IReadOnlyList<JsonRpcMessage> messages)
    {
        byte[] body = [(byte)'[', .. messages.SelectMany((message, i) => i == 0 ? JsonRpc.Serialize(message) : [(byte)',', .. JsonRpc.Serialize(message)]), (byte)']'];
        return BodyAsync(context, StatusCodes.Status200OK, body);
    }

    /// <summary>One and the same for a session that never was, has ended, has expired or is somebody else's: the answer tells nobody which.</summary>
    public static Task SessionNotFoundAsync(HttpContext context, RequestId id = default) =>
        ErrorAsync(context, StatusCodes.Status404NotFound, id, JsonRpc.SessionNotFound, "Session not found");

    public static Task SessionIdNeededAsync(HttpContext context, RequestId id = default) =>
        ErrorAsync(context, StatusCodes.Status400BadRequest, id, ServerError, "Mcp-Session-Id header needed. Send initialize without it to be given a session, then repeat it with every request.");

    public static Task BadRequestAsync(HttpContext context, RequestId id, string message, McpErrorCode code = McpErrorCode.InvalidRequest) =>
        ErrorAsync(context, StatusCodes.Status400BadRequest, id, (int)code, message);

    /// <summary>MCP 2026-07-28, Transports: a header that is missing or differs from the body it repeats.</summary>
    public static Task HeaderMismatchAsync(HttpContext context, RequestId id) =>
        BadRequestAsync(context, id, "The MCP-Protocol-Version header must repeat the protocol version of the body's _meta.", McpErrorCode.HeaderMismatch);

    /// <summary>What the web server found wrong with the request itself, such as a body that was cut off.</summary>
    public static Task BadHttpAsync(HttpContext context, BadHttpRequestException fault) =>
        ErrorAsync(context, fault.StatusCode, default, ServerError, fault.Message);

    public static Task ForbiddenAsync(HttpContext context, string message) =>
        ErrorAsync(context, StatusCodes.Status403Forbidden, default, ServerError, message);

    public static Task NotAcceptableAsync(HttpContext context) =>
        ErrorAsync(context, StatusCodes.Status406NotAcceptable, default, ServerError, "This stream is text/event-stream; let the Accept header allow it.");

    public static Task MethodNotAllowedAsync(HttpContext context)
    {
        context.Response.Headers.Allow = "POST";
        return ErrorAsync(context, StatusCodes.Status405MethodNotAllowed, default, ServerError, "This revision of MCP has POST only. For notifications send subscriptions/listen; to end a session call its close tool.");
    }

    public static Task TooLargeAsync(HttpContext context, RefusalTally tally, Caller caller, long maximum)
    {
        tally.Add(caller, nameof(SessionEndpointOptions.MaxBodyBytes));
        var error = JsonRpc.Error(default, ServerError, string.Create(CultureInfo.InvariantCulture, $"The request body is larger than {maximum} bytes."));
        error.Error.Data = Limit(nameof(SessionEndpointOptions.MaxBodyBytes), maximum);
        return JsonAsync(context, StatusCodes.Status413PayloadTooLarge, error);
    }

    public static Task UnsupportedMediaTypeAsync(HttpContext context) =>
        ErrorAsync(context, StatusCodes.Status415UnsupportedMediaType, default, ServerError, "The content type must be application/json.");

    /// <summary>A limit of the tenant or the owner (RFC 6585, section 4).</summary>
    public static Task LimitReachedAsync(HttpContext context, RefusalTally tally, Caller caller, RequestId id, string limit, int maximum, TimeSpan retryAfter, string remedy)
    {
        tally.Add(caller, limit);
        AuditedRefusal.Note(context, RefusalKind.Limit, limit);
        SetRetryAfter(context, retryAfter);
        var error = JsonRpc.Error(id, ServerError, $"The limit {limit} is reached. {remedy}");
        error.Error.Data = Limit(limit, maximum);
        return JsonAsync(context, StatusCodes.Status429TooManyRequests, error);
    }

    public static Task StoreUnavailableAsync(HttpContext context, RequestId id = default)
    {
        SetRetryAfter(context, TimeSpan.FromSeconds(1));
        return ErrorAsync(context, StatusCodes.Status503ServiceUnavailable, id, ServerError, "The session store is unavailable. Try again shortly.");
    }

    /// <summary>A server that comes back is away for some seconds; where there are others, a balancer knows by then that this one is not ready.</summary>
    public static Task StoppingAsync(HttpContext context, RequestId id)
    {
        SetRetryAfter(context, TimeSpan.FromSeconds(5));
        return ErrorAsync(context, StatusCodes.Status503ServiceUnavailable, id, ServerError, "This server is stopping and opens no more sessions. Send initialize again shortly.");
    }

    private static void SetRetryAfter(HttpContext context, TimeSpan time) =>
        context.Response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(time.TotalSeconds)).ToString(CultureInfo.InvariantCulture);

    private static JsonObject Limit(string name, long maximum) => new() { ["limit"] = name, ["maximum"] = maximum };

    private static Task ErrorAsync(HttpContext context, int status, RequestId id, int code, string message) =>
        JsonAsync(context, status, JsonRpc.Error(id, code, message));
}
