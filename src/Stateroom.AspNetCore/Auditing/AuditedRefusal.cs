using Microsoft.AspNetCore.Http;
using Stateroom.AspNetCore.Endpoint;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Auditing;

/// <summary>Why a request was refused.</summary>
internal enum RefusalKind
{
    /// <summary>No credential, or a wrong one.</summary>
    Credential,

    /// <summary>The credential lacks a scope.</summary>
    Scope,

    /// <summary>An <c>Origin</c> or <c>Host</c> that was not invited.</summary>
    FrontDoor,

    /// <summary>A session that is unknown, over, or somebody else's: which of them nobody is told, here neither.</summary>
    Session,

    /// <summary>A limit is reached.</summary>
    Limit,

    /// <summary>A body that is too large.</summary>
    Size,

    /// <summary>A <c>requestState</c> that is altered, late, used up, or of another caller or request.</summary>
    RequestState,
}

/// <summary>A refusal for the audit log. One that is the answer to a request is noted at the request where it happens, and logged when the request is done.</summary>
/// <param name="Kind">Why.</param>
/// <param name="Detail">More of it, in words of this program alone.</param>
internal sealed record AuditedRefusal(RefusalKind Kind, string Detail = AuditLog.None)
{
    /// <summary>Notes a refusal that the status of the answer does not tell, or not exactly.</summary>
    public static void Note(HttpContext? context, RefusalKind kind, string detail = AuditLog.None) => context?.Features.Set(new AuditedRefusal(kind, detail));

    /// <summary>Notes who makes a request.</summary>
    public static void Note(HttpContext context, Caller caller) => context.Features.Set(caller);

    /// <summary>Finds the refusal of a request that was answered; null if it was served.</summary>
    /// <param name="context">The request.</param>
    /// <param name="endpoint">Its endpoint; null where that is none of ours, or the request did not come so far. Then only what was noted counts.</param>
    public static AuditedRefusal? Of(HttpContext context, AuditedEndpoint? endpoint) =>
        context.Features.Get<AuditedRefusal>() ?? (endpoint is null ? null : ByStatus(context, endpoint));

    private static AuditedRefusal? ByStatus(HttpContext context, AuditedEndpoint endpoint) => context.Response.StatusCode switch
    {
        StatusCodes.Status401Unauthorized => new(RefusalKind.Credential),
        StatusCodes.Status403Forbidden => new(RefusalKind.Scope),
        StatusCodes.Status404NotFound when endpoint.HasSessions => new(RefusalKind.Session, Fingerprint(context.Request.Headers[McpHeaders.SessionId].ToString())),
        StatusCodes.Status413PayloadTooLarge => new(RefusalKind.Size),
        StatusCodes.Status429TooManyRequests => new(RefusalKind.Limit),
        _ => null,
    };

    /// <summary>What a caller took for a session's id, as logs show it.</summary>
    public static string Fingerprint(string? id) => id is { Length: > 0 } ? SessionFingerprint.Of(id) : AuditLog.None;
}

/// <summary>Marks an endpoint whose refusals are logged.</summary>
/// <param name="HasSessions">Whether its callers name sessions, so that 404 means one that they may not use.</param>
internal sealed record AuditedEndpoint(bool HasSessions);
