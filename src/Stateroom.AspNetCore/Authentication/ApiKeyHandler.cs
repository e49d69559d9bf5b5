using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Stateroom.AspNetCore.Tenancy;

namespace Stateroom.AspNetCore.Authentication;

/// <summary>Lets a caller in by <c>Authorization: Bearer KEY</c>, the only place where a key is looked for.</summary>
internal sealed class ApiKeyHandler(
    IOptionsMonitor<ApiKeyOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    ApiKeyRing ring)
    : AuthenticationHandler<ApiKeyOptions>(options, logger, encoder)
{
    private const string Bearer = "Bearer ";
    private static readonly AuthenticateResult UnknownKey = AuthenticateResult.Fail("The API key is not known.");

    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Authenticate());

    // RFC 6750 section 3: the error is named only where a token was sent.
    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        var result = await HandleAuthenticateOnceSafeAsync();
        var error = result.Failure is null ? "" : ", error=\"invalid_token\"";
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.Append(HeaderNames.WWWAuthenticate, $"Bearer realm=\"{ApiKeyDefaults.Realm}\"{error}");
    }

    private AuthenticateResult Authenticate()
    {
        var header = Request.Headers.Authorization;
        if (header.Count > 1)
        {
            return UnknownKey;
        }

        if (header.ToString() is var value && !value.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            return AuthenticateResult.NoResult();
        }

        var key = value.AsSpan(Bearer.Length).Trim(' ');
        if (key.IsEmpty)
        {
            return AuthenticateResult.NoResult();
        }

        return ring.Find(key) is { } entry ? AuthenticateResult.Success(Ticket(entry)) : UnknownKey;
    }

    private AuthenticationTicket Ticket(ApiKeyEntry entry)
    {
        var identity = new ClaimsIdentity(
            [new(StateroomClaims.Tenant, entry.Tenant!), new(StateroomClaims.Owner, entry.Owner!), new("sub", entry.Owner!)],
            Scheme.Name,
            nameType: "sub",
            roleType: ClaimTypes.Role);
        identity.AddClaim(entry.Scopes is { } scopes ? new(StateroomClaims.Scope, string.Join(' ', scopes)) : new(StateroomClaims.EveryScope, ""));
        return new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name);
    }
}
