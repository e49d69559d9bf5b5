using Microsoft.AspNetCore.Http;
using Stateroom.Administration;
using Stateroom.AspNetCore.Auditing;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Administration;

/// <summary>What administration can do, one method a request.</summary>
internal sealed class AdministrationHandler(ISessionDirectory directory, ISessionAdministration administration, ConfiguredTenants configured, AnswerBuilder answers)
{
    /// <summary>What <see cref="Parameters.Confirm"/> must say for every session of a tenant to be ended.</summary>
    private const string All = "all";

    public async Task ListTenantsAsync(HttpContext context, AdministrativeAction action)
    {
        var parameters = new Parameters(context, Parameters.Limit, Parameters.Cursor);
        var after = parameters.After(cursor => TenantSegment.Parse(Cursor.ReadTenant(cursor)));
        var limit = parameters.PageSize();
        if (parameters.Fault is { } fault)
        {
            await BadRequestAsync(context, fault);
            return;
        }

        var page = await directory.ListTenantsAsync(after, limit, context.RequestAborted);
        action.Sessions = page.Tenants.Sum(t => t.Sessions.Total);
        await AdministrationReply.JsonAsync(context, await answers.OfAsync(page, context.RequestAborted), AnswerJson.Default.TenantList);
    }

    public Task ShowTenantAsync(HttpContext context, AdministrativeAction action) => OfTenantAsync(context, action, async tenant =>
    {
        if (new Parameters(context).Fault is { } fault)
        {
            await BadRequestAsync(context, fault);
            return;
        }

        var sessions = await directory.CountSessionsAsync(tenant, context.RequestAborted);
        action.Sessions = sessions.Total;
        var answer = await answers.OfAsync(new TenantSummary(tenant, sessions), context.RequestAborted);
        if (action.Sessions == 0 && answer.Limits.All(limit => limit.Used == 0) && !configured.Contains(tenant))
        {
            await AdministrationReply.ProblemAsync(
                context, StatusCodes.Status404NotFound, "There is no such tenant: the settings name none, and it has no sessions and uses nothing.");
            return;
        }

        await AdministrationReply.JsonAsync(context, answer, AnswerJson.Default.TenantAnswer);
    });

    public Task ListSessionsAsync(HttpContext context, AdministrativeAction action) => OfTenantAsync(context, action, async tenant =>
    {
        var parameters = new Parameters(context, Parameters.Owner, Parameters.Era, Parameters.Limit, Parameters.Cursor);
        var query = new SessionQuery
        {
            Tenant = tenant,
            Owner = parameters.Text(Parameters.Owner),
            Era = parameters.SessionEra(),
            After = parameters.After(Cursor.ReadSession),
            Limit = parameters.PageSize(),
        };
        if (parameters.Fault is { } fault)
        {
            await BadRequestAsync(context, fault);
            return;
        }

        Name(action, tenant, query.Owner);
        var page = await directory.ListSessionsAsync(query, context.RequestAborted);
        action.Sessions = page.Sessions.Count;
        await AdministrationReply.JsonAsync(context, await answers.OfAsync(page, context.RequestAborted), AnswerJson.Default.SessionList);
    });

    public Task ShowSessionAsync(HttpContext context, AdministrativeAction action) => OfSessionAsync(context, action, async session =>
    {
        action.Sessions = 1;
        await AdministrationReply.JsonAsync(context, await answers.OfAsync(session, context.RequestAborted), AnswerJson.Default.SessionAnswer);
    });

    public Task EndSessionAsync(HttpContext context, AdministrativeAction action) => OfSessionAsync(context, action, async session =>
    {
        if (!await administration.EndAsync(session, context.RequestAborted))
        {
            await NoSuchSessionAsync(context);
            return;
        }

        action.Sessions = 1;
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    });

    public Task EndSessionsAsync(HttpContext context, AdministrativeAction action) => OfTenantAsync(context, action, async tenant =>
    {
        var parameters = new Parameters(context, Parameters.Owner, Parameters.Confirm);
        var (owner, confirm) = (parameters.Text(Parameters.Owner), parameters.Text(Parameters.Confirm));
        var fault = parameters.Fault ?? (owner, confirm) switch
        {
            (not null, null) or (null, All) => null,
            (not null, _) => "Give owner to end the sessions of one owner, or confirm=all to end those of the whole tenant, not both.",
            _ => "Say whose sessions are to be ended: owner=NAME for those of one owner, or confirm=all for every session of the tenant.",
        };
        if (fault is not null)
        {
            await BadRequestAsync(context, fault);
            return;
        }

        Name(action, tenant, owner);
        action.Sessions = await administration.EndAllAsync(tenant, owner, context.RequestAborted);
        await AdministrationReply.JsonAsync(context, new EndedAnswer(action.Sessions), AnswerJson.Default.EndedAnswer);
    });

    private static async Task OfTenantAsync(HttpContext context, AdministrativeAction action, Func<TenantRooms, Task> act)
    {
        if (TenantSegment.Parse((string?)context.Request.RouteValues["tenant"]) is not { } tenant)
        {
            await BadRequestAsync(context, "The path names no tenant. Take it from the list of tenants, where it is called path.");
            return;
        }

        action.On(tenant);
        await act(tenant);
    }

    private Task OfSessionAsync(HttpContext context, AdministrativeAction action, Func<SessionSummary, Task> act) => OfTenantAsync(context, action, async tenant =>
    {
        var reference = (string?)context.Request.RouteValues["reference"];
        if (!SessionReference.IsWellFormed(reference) || new Parameters(context).Fault is not null)
        {
            await BadRequestAsync(
                context, $"A session is named by the {SessionReference.Length} hexadecimal digits of its reference, or at least the first {SessionReference.MinLength} of them, which logs show; and there are no parameters.");
            return;
        }

        var found = await directory.ListSessionsAsync(new() { Tenant = tenant, Reference = reference!, Limit = 2 }, context.RequestAborted);
        switch (found.Sessions)
        {
            case [var session]:
                action.On(session);
                await act(session);
                break;
            case []:
                await NoSuchSessionAsync(context);
                break;
            default:
                await AdministrationReply.ProblemAsync(context, StatusCodes.Status409Conflict, "Several references begin like this. Give all of it.");
                break;
        }
    });

    private static void Name(AdministrativeAction action, TenantRooms tenant, string? owner)
    {
        if (owner is { Length: <= Caller.MaxOwnerLength })
        {
            action.On(new Caller(tenant.Tenant, owner));
        }
    }

    private static Task BadRequestAsync(HttpContext context, string fault) => AdministrationReply.ProblemAsync(context, StatusCodes.Status400BadRequest, fault);

    private static Task NoSuchSessionAsync(HttpContext context) =>
        AdministrationReply.ProblemAsync(context, StatusCodes.Status404NotFound, "The tenant has no such session, or has it no more.");
}
