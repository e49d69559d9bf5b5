using System.Security.Claims;
using Microsoft.AspNetCore.Http;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Tenancy;

/// <summary>Reads the caller from the claims <see cref="StateroomClaims.Tenant"/> and <see cref="StateroomClaims.Owner"/> of the authenticated user.</summary>
/// <remarks>Fails closed: a claim that is missing, empty, too long or there twice names nobody.</remarks>
public sealed class ClaimsTenantResolver : ITenantResolver
{
    /// <inheritdoc/>
    public ValueTask<Caller?> ResolveAsync(HttpContext context, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(context);
        return ValueTask.FromResult(Resolve(context.User));
    }

    private static Caller? Resolve(ClaimsPrincipal user) =>
        TheOnly(user, StateroomClaims.Tenant) is { Length: > 0 and <= TenantId.MaxLength } tenant
        && TheOnly(user, StateroomClaims.Owner) is { Length: > 0 and <= Caller.MaxOwnerLength } owner
            ? new Caller(new TenantId(tenant), owner)
            : null;

    private static string? TheOnly(ClaimsPrincipal user, string type)
    {
        string? value = null;
        foreach (var identity in user.Identities)
        {
            if (!identity.IsAuthenticated)
            {
                continue;
            }

            foreach (var claim in identity.Claims)
            {
                if (!string.Equals(claim.Type, type, StringComparison.Ordinal))
                {
                    continue;
                }

                if (value is not null)
                {
                    return null;
                }

                value = claim.Value;
            }
        }

        return value;
    }
}
