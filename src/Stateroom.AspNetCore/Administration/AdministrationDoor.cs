using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Stateroom.AspNetCore.Auditing;
using Stateroom.AspNetCore.Authentication;
using Stateroom.AspNetCore.Authorization;
using Stateroom.AspNetCore.Diagnostics;
using Stateroom.AspNetCore.Endpoint;
using Stateroom.AspNetCore.Tenancy;
using Stateroom.Sessions;

namespace Stateroom.AspNetCore.Administration;

/// <summary>What every request to administration goes through: front door, credential, scope, and at the end the audit log.</summary>
internal sealed class AdministrationDoor(
    FrontDoor door, ITenantResolver callers, AuditLog audit, ILogger<AdministrationDoor> logger)
{
    /// <summary>Puts an action behind the door.</summary>
    /// <param name="name">What the audit log calls it.</param>
    /// <param name="act">Does it, and answers.</param>
    public RequestDelegate Guard(string name, Func<HttpContext, AdministrativeAction, Task> act) => async context =>
    {
        context.Response.Headers.CacheControl = "no-store";
        if (door.FindObjection(context) is { } objection)
        {
            await AdministrationReply.ProblemAsync(context, StatusCodes.Status403Forbidden, objection);
        }
        else if (context.User.Identities.All(identity => !identity.IsAuthenticated))
        {
            await CredentialChallenge.SendAsync(context);
        }
        else
        {
            if (await callers.ResolveAsync(context, context.RequestAborted) is { } caller)
            {
                AuditedRefusal.Note(context, caller);
            }

            // Asked here, whatever the host's policy for the endpoints is: forgetting the policy must not open them.
            await (context.User.HasScope(StateroomScopes.Admin) ? ActAsync(context, new(name), act) : AdministrationReply.ScopeNeededAsync(context));
        }
    };

    private async Task ActAsync(HttpContext context, AdministrativeAction action, Func<HttpContext, AdministrativeAction, Task> act)
    {
        action.Outcome = "failed";
        try
        {
            await act(context, action);
            action.Outcome = context.Response.StatusCode switch
            {
                StatusCodes.Status404NotFound => "not found",
                StatusCodes.Status409Conflict => "ambiguous",
                >= 400 => "malformed",
                _ => "done",
            };
        }
        catch (SessionStoreUnavailableException e) when (!context.Response.HasStarted)
        {
            Log.StoreUnavailable(logger, e);
            await AdministrationReply.StoreUnavailableAsync(context, "The session store is unavailable. Try again shortly; of sessions that were to be ended some may be.");
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // There is nobody to answer any more.
            action.Outcome = "aborted";
        }
        finally
        {
            audit.Acted(context, action);
        }
    }
}
