using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Stateroom.AspNetCore.Diagnostics;

namespace Stateroom.AspNetCore.Authentication.Jwt;

/// <summary>
/// Tells a token that is wrong from one that cannot be checked because its issuer's keys were never to be had. The second is no fault of the client's:
/// told that its token is invalid, it would throw a good one away.
/// </summary>
internal sealed class IssuerOutage
{
    /// <summary>Notes on a request whose token was refused whether that was an outage.</summary>
    public static async Task LookAsync(AuthenticationFailedContext context)
    {
        try
        {
            await context.Options.ConfigurationManager!.GetConfigurationAsync(context.HttpContext.RequestAborted);
        }
        catch (InvalidOperationException)
        {
            Log.IssuerUnavailable(context.HttpContext.RequestServices.GetRequiredService<ILogger<IssuerOutage>>(), context.Options.TokenValidationParameters.ValidIssuer);
            context.HttpContext.Features.Set(new IssuerOutage());
            context.Fail("The issuer's keys cannot be had.");
        }
    }

    /// <summary>Whether a request's token could not be checked.</summary>
    public static bool Concerns(HttpContext context) => context.Features.Get<IssuerOutage>() is not null;
}
