using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModelContextProtocol.AspNetCore.Authentication;

namespace Stateroom.AspNetCore.Authentication.Jwt;

/// <summary>
/// The SDK's handler, with a challenge that says whether a token was sent (RFC 6750 section 3) and names the metadata by the address that clients know,
/// where the SDK's repeats the request's Host.
/// </summary>
internal sealed class ResourceChallengeHandler(
    IOptionsMonitor<McpAuthenticationOptions> options, ILoggerFactory logger, UrlEncoder encoder, ResourceMetadata metadata)
    : McpAuthenticationHandler(options, logger, encoder)
{
    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var sent = await Context.AuthenticateAsync(StateroomAuthenticationDefaults.AuthenticationScheme);
        if (IssuerOutage.Concerns(Context))
        {
            Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            Response.Headers.RetryAfter = "5";
            return;
        }

        BearerChallenge.Write(Response, StatusCodes.Status401Unauthorized, error: sent.Failure is null ? null : BearerChallenge.InvalidToken, metadata: metadata.Address);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        BearerChallenge.Write(Response, StatusCodes.Status403Forbidden, error: BearerChallenge.InsufficientScope, metadata: metadata.Address);
        return Task.CompletedTask;
    }
}
