using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Stateroom.AspNetCore.Diagnostics;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Auditing;

/// <summary>
/// Who did what, and who was refused what, under the category <see cref="Category"/>. Names and ids appear as fingerprints only. All that administration does is
/// logged, a look that is repeated once a minute; refusals, which strangers can cause at will, so many a second of each kind.
/// </summary>
internal sealed class AuditLog : IDisposable
{
    public const string Category = "Stateroom.Audit";

    /// <summary>Stands where there is nobody, or nothing, to name.</summary>
    public const string None = "-";

    private readonly ILogger _logger;
    private readonly Dictionary<RefusalKind, RefusalBudget> _budgets;
    private readonly RecentLooks _looks;

    public AuditLog(ILoggerFactory loggers, TimeProvider time, IOptions<SessionEndpointOptions> options)
    {
        _logger = loggers.CreateLogger(Category);
        _looks = new(time);
        _budgets = Enum.GetValues<RefusalKind>().ToDictionary(
            kind => kind,
            kind => new RefusalBudget(options.Value.AuditedRefusalsPerSecond, time, count => AuditEvents.RefusalsSuppressed(_logger, count, kind)));
    }

    /// <summary>Logs what an administrator did.</summary>
    public void Acted(HttpContext context, AdministrativeAction action)
    {
        var who = Who(context);
        if (!HttpMethods.IsGet(context.Request.Method) || _looks.TryEnter((who, action.Name, action.Tenant, action.Target, action.Outcome)))
        {
            AuditEvents.Acted(_logger, who, action.Name, action.Tenant, action.Target, action.Outcome, action.Sessions);
        }
    }

    /// <summary>Logs a refusal, if there is room for one of its kind.</summary>
    public void Refused(HttpContext context, Refusal refusal)
    {
        if (!_budgets[refusal.Kind].TryTake())
        {
            return;
        }

        var (who, method) = (Who(context), Method(context));
        switch (refusal.Kind)
        {
            case RefusalKind.Credential:
                AuditEvents.CredentialRefused(_logger, method);
                break;
            case RefusalKind.Scope:
                AuditEvents.ScopeRefused(_logger, who, method);
                break;
            case RefusalKind.FrontDoor:
                AuditEvents.FrontDoorRefused(_logger, method, refusal.Detail);
                break;
            case RefusalKind.Session:
                AuditEvents.SessionRefused(_logger, who, method, refusal.Detail);
                break;
            case RefusalKind.Limit:
                AuditEvents.LimitReached(_logger, who, method, refusal.Detail);
                break;
            case RefusalKind.Size:
                AuditEvents.BodyRefused(_logger, who, method);
                break;
        }
    }

    public void Dispose()
    {
        foreach (var budget in _budgets.Values)
        {
            budget.Dispose();
        }
    }

    /// <summary>Whoever it is: the caller that the endpoint served, or else the subject of the credential.</summary>
    private static string Who(HttpContext context)
    {
        if (context.Features.Get<Caller>() is { } caller)
        {
            return CallerFingerprint.Of(caller);
        }

        return context.User is { Identity.IsAuthenticated: true } user && user.FindFirst("sub") is { } subject
            ? CallerFingerprint.Of([subject.Issuer, subject.Value])
            : None;
    }

    /// <summary>Routing lets only these through; anything else is no word to repeat.</summary>
    private static string Method(HttpContext context) =>
        context.Request.Method is "GET" or "POST" or "DELETE" ? context.Request.Method : None;
}
