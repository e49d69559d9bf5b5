using Microsoft.AspNetCore.Http;
using Stateroom.Administration;
using Stateroom.AspNetCore.Auditing;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Administration;

/// <summary>What administration can see across instances and tenants, one method a request.</summary>
internal sealed class OverviewHandler(IInstanceDirectory instances, SessionSearch search, AnswerBuilder answers)
{
    public async Task ListInstancesAsync(HttpContext context, AdministrativeAction action)
    {
        if (new Parameters(context).Fault is { } fault)
        {
            await AdministrationReply.ProblemAsync(context, StatusCodes.Status400BadRequest, fault);
            return;
        }

        var alive = await instances.ListInstancesAsync(context.RequestAborted);
        await AdministrationReply.JsonAsync(context, answers.Of(alive), AnswerJson.Default.InstanceList);
    }

    public async Task FindSessionsAsync(HttpContext context, AdministrativeAction action)
    {
        var parameters = new Parameters(
            context, Parameters.Tenant, Parameters.Owner, Parameters.Era, Parameters.Search, Parameters.Limit, Parameters.Cursor);
        var query = new SearchQuery(
            parameters.TenantRooms(), parameters.Text(Parameters.Owner), parameters.SessionEra(), parameters.Text(Parameters.Search), parameters.PageSize());
        var after = parameters.After(Cursor.ReadFound);
        if (parameters.Fault is { } fault)
        {
            await AdministrationReply.ProblemAsync(context, StatusCodes.Status400BadRequest, fault);
            return;
        }

        if (query.Tenant is { } tenant)
        {
            action.On(tenant);
            if (query.Owner is { Length: <= Caller.MaxOwnerLength } owner)
            {
                action.On(new Caller(tenant.Tenant, owner));
            }
        }
        else if (query.Owner is { } name)
        {
            action.OnOwner(name);
        }

        var page = await search.FindAsync(query, after, context.RequestAborted);
        action.Sessions = page.Sessions.Count;
        await AdministrationReply.JsonAsync(context, await answers.OfAsync(page, context.RequestAborted), AnswerJson.Default.SessionList);
    }
}
