using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
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
        BearerChallenge.Write(Response, StatusCodes.Status401Unauthorized, ApiKeyDefaults.Realm, result.Failure is null ? null : BearerChallenge.InvalidToken);
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties)
    {
        BearerChallenge.Write(Response, StatusCodes.Status403Forbidden, ApiKeyDefaults.Realm, BearerChallenge.InsufficientScope);
        return Task.CompletedTask;
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
        var identity = new ClaimsIdentity(Scheme.Name, nameType: "sub", roleType: ClaimTypes.Role);
        Add(StateroomClaims.Tenant, entry.Tenant!);
        Add(StateroomClaims.Owner, entry.Owner!);
        Add("sub", entry.Owner!);
        if (entry.Scopes is { } scopes)
        {
            Add(StateroomClaims.Scope, string.Join(' ', scopes));
        }
        else
        {
            Add(StateroomClaims.EveryScope, "");
        }

        if (entry.Tools is { } tools)
        {
            foreach (var tool in tools.DefaultIfEmpty(""))
            {
                Add(StateroomClaims.Tool, tool);
            }
        }

        // With dictionaries that take least while they are empty, as they stay.
        return new AuthenticationTicket(
            new ClaimsPrincipal(identity), new(new SortedList<string, string?>(StringComparer.Ordinal), new SortedList<string, object?>(StringComparer.Ordinal)), Scheme.Name);

        // An identity copies every claim that was not made for it.
        void Add(string type, string value) =>
            identity.AddClaim(new Claim(type, value, ClaimValueTypes.String, ClaimsIdentity.DefaultIssuer, ClaimsIdentity.DefaultIssuer, identity));
    }
}
