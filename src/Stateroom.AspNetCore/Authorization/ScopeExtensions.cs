using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Stateroom.AspNetCore.Tenancy;

namespace Stateroom.AspNetCore.Authorization;

/// <summary>Reads the scopes of a credential.</summary>
public static class ScopeExtensions
{
    /// <summary>Whether the authenticated identities of a user hold a scope. Scopes are compared letter by letter (RFC 6749 section 3.3).</summary>
    /// <param name="user">The user.</param>
    /// <param name="scope">One scope.</param>
    /// <exception cref="ArgumentException"><paramref name="scope"/> is empty.</exception>
    public static bool HasScope(this ClaimsPrincipal user, string scope)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentException.ThrowIfNullOrEmpty(scope);
        var implied = !scope.StartsWith(StateroomScopes.Prefix, StringComparison.Ordinal);
        foreach (var identity in user.Identities)
        {
            if (!identity.IsAuthenticated)
            {
                continue;
            }

            foreach (var claim in identity.Claims)
            {
                if (claim.Type == StateroomClaims.Scope ? Names(claim.Value, scope) : implied && claim.Type == StateroomClaims.EveryScope)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool Names(ReadOnlySpan<char> scopes, string scope)
    {
        foreach (var range in scopes.Split(' '))
        {
            if (scopes[range].SequenceEqual(scope))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Asks for an authenticated user whose credential has a scope.</summary>
    /// <param name="policy">The policy to add to.</param>
    /// <param name="scope">One scope, such as <see cref="StateroomScopes.Admin"/>.</param>
    /// <returns>The same builder.</returns>
    /// <exception cref="ArgumentException"><paramref name="scope"/> is empty.</exception>
    public static AuthorizationPolicyBuilder RequireScope(this AuthorizationPolicyBuilder policy, string scope)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentException.ThrowIfNullOrEmpty(scope);
        return policy.RequireAuthenticatedUser().RequireAssertion(context => context.User.HasScope(scope));
    }
}
