using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Stateroom.AspNetCore.Authentication;

/// <summary>Asks for a credential.</summary>
internal static class CredentialChallenge
{
    /// <summary>Answers 401 without a body. The host's scheme knows what to ask for; without one there is only the plain form of RFC 6750.</summary>
    public static async Task SendAsync(HttpContext context)
    {
        if (context.RequestServices.GetService<IAuthenticationSchemeProvider>() is { } schemes && await schemes.GetDefaultChallengeSchemeAsync() is not null)
        {
            await context.ChallengeAsync();
            return;
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = "Bearer";
    }
}
