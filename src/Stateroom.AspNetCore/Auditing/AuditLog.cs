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
        if (!HttpMethods.IsGet(context.Request.Method) || _looks.TryEnter((who, action.Name, action.Tenant, action.Target, QueryOf(context), action.Outcome)))
        {
            AuditEvents.Acted(_logger, who, action.Name, action.Tenant, action.Target, action.Outcome, action.Sessions);
        }
    }

    /// <summary>Logs the refusal of a request, if there is room for one of its kind.</summary>
    public void Refused(HttpContext context, AuditedRefusal refusal)
    {
        if (_budgets[refusal.Kind].TryTake())
        {
            Write(refusal, Who(context), Method(context));
        }
    }

    /// <summary>
    /// Logs a refusal that a caller finds in the answer to a message, if there is room for one of its kind. It is told here and not noted at the HTTP request,
    /// which may be over by then and may have brought several messages.
    /// </summary>
    public void Refused(Caller caller, AuditedRefusal refusal)
    {
        if (_budgets[refusal.Kind].TryTake())
        {
            Write(refusal, CallerFingerprint.Of(caller), HttpMethods.Post);
        }
    }

    public void Dispose()
    {
        foreach (var budget in _budgets.Values)
        {
            budget.Dispose();
        }
    }

    private void Write(AuditedRefusal refusal, string who, string method)
    {
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
            case RefusalKind.RequestState:
                AuditEvents.RequestStateRefused(_logger, who, method);
                break;
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

    /// <summary>What was looked for, as a fingerprint: two looks for different things are two.</summary>
    private static string QueryOf(HttpContext context) => context.Request.QueryString.Value is { Length: > 0 } query ? CallerFingerprint.Of([query]) : None;

    /// <summary>Routing lets only these through; anything else is no word to repeat.</summary>
    private static string Method(HttpContext context) =>
        context.Request.Method is "GET" or "POST" or "DELETE" ? context.Request.Method : None;
}
