using System.Security.Claims;
using Stateroom.AspNetCore.Authorization;
using Stateroom.AspNetCore.Tenancy;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Authentication.Jwt;

/// <summary>Says whom a token stands for, once its issuer, audience, times and signature were found to be right.</summary>
internal static class JwtCaller
{
    private const string OwnPrefix = "stateroom:";

    /// <summary>
    /// An issuer and one of its subjects as one text. An issuer's address has no space in it, so the first space ends it: no two pairs have one text.
    /// </summary>
    public static string OwnerOf(string issuer, string subject) => $"{issuer} {subject}";

    /// <summary>Makes the identity that the rest of the server sees. What the token says under names of Stateroom's own is left out: only the settings decide.</summary>
    /// <returns>The identity; null where the token does not name tenant and owner, each exactly once.</returns>
    public static ClaimsIdentity? Identify(IReadOnlyList<Claim> token, JwtIssuer issuer, string scheme)
    {
        var tenant = issuer.Tenant is { Length: > 0 } fixedTenant ? fixedTenant : TheOnly(token, issuer.TenantClaim!);
        var owner = TheOnly(token, issuer.OwnerClaim) is { Length: > 0 } subject ? OwnerOf(issuer.Authority!, subject) : null;
        if (tenant is not { Length: > 0 and <= TenantId.MaxLength } || owner is not { Length: <= Caller.MaxOwnerLength })
        {
            return null;
        }

        var identity = new ClaimsIdentity(
            token.Where(claim => claim.Type != StateroomClaims.Scope && !claim.Type.StartsWith(OwnPrefix, StringComparison.OrdinalIgnoreCase)),
            scheme,
            nameType: "sub",
            roleType: ClaimTypes.Role);
        identity.AddClaim(new(StateroomClaims.Tenant, tenant));
        identity.AddClaim(new(StateroomClaims.Owner, owner));
        identity.AddClaim(new(StateroomClaims.Scope, string.Join(' ', ScopesOf(token, issuer))));
        return identity;
    }

    private static IEnumerable<string> ScopesOf(IReadOnlyList<Claim> token, JwtIssuer issuer) => token
        .Where(claim => claim.Type == issuer.ScopeClaim)
        .SelectMany(claim => ScopeText.Split(claim.Value))
        .Where(scope => issuer.MayGrantAdmin || !scope.StartsWith(StateroomScopes.Prefix, StringComparison.Ordinal));

    private static string? TheOnly(IReadOnlyList<Claim> claims, string type) =>
        claims.Where(claim => claim.Type == type).Take(2).ToArray() is [{ ValueType: ClaimValueTypes.String, Value: var value }] ? value : null;
}
