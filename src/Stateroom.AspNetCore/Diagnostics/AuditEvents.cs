using Microsoft.Extensions.Logging;
using Stateroom.AspNetCore.Auditing;

namespace Stateroom.AspNetCore.Diagnostics;

/// <summary>The events of the audit log, a category of its own. Ids 2100 to 2199. All that is not of this program is a fingerprint.</summary>
internal static partial class AuditEvents
{
    [LoggerMessage(2100, LogLevel.Information, "Administrator {Who}: {Action}, tenant {Tenant}, target {Target}: {Outcome} ({Sessions} sessions).")]
    public static partial void Acted(ILogger logger, string who, string action, string tenant, string target, string outcome, int sessions);

    [LoggerMessage(2101, LogLevel.Warning, "Refused a {Method} without a valid credential.")]
    public static partial void CredentialRefused(ILogger logger, string method);

    [LoggerMessage(2102, LogLevel.Warning, "Refused {Who} a {Method}: a scope is missing.")]
    public static partial void ScopeRefused(ILogger logger, string who, string method);

    [LoggerMessage(2103, LogLevel.Warning, "Refused a {Method} at the front door: {Reason}")]
    public static partial void FrontDoorRefused(ILogger logger, string method, string reason);

    [LoggerMessage(2104, LogLevel.Information, "Refused {Who} a {Method}: session {Session} is unknown, over or somebody else's.")]
    public static partial void SessionRefused(ILogger logger, string who, string method, string session);

    [LoggerMessage(2105, LogLevel.Information, "Refused {Who} a {Method}: the limit {Limit} is reached.")]
    public static partial void LimitReached(ILogger logger, string who, string method, string limit);

    [LoggerMessage(2106, LogLevel.Information, "Refused {Who} a {Method}: the body is too large.")]
    public static partial void BodyRefused(ILogger logger, string who, string method);

    [LoggerMessage(2107, LogLevel.Warning, "Refused {Count} more within a second that are not logged one by one ({Kind}).")]
    public static partial void RefusalsSuppressed(ILogger logger, long count, RefusalKind kind);

    [LoggerMessage(2108, LogLevel.Information, "Refused {Who} a {Method}: its requestState is altered, late, used up, or of another caller or request.")]
    public static partial void RequestStateRefused(ILogger logger, string who, string method);
}
