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

    private static Caller? Resolve(ClaimsPrincipal user)
    {
        string? tenant = null, owner = null;
        foreach (var identity in ClaimLists.Of(user))
        {
            if (!identity.IsAuthenticated)
            {
                continue;
            }

            foreach (var claim in ClaimLists.Of(identity))
            {
                if ((claim.Type == StateroomClaims.Tenant && !TrySet(ref tenant, claim)) || (claim.Type == StateroomClaims.Owner && !TrySet(ref owner, claim)))
                {
                    return null;
                }
            }
        }

        return tenant is { Length: > 0 and <= TenantId.MaxLength } && owner is { Length: > 0 and <= Caller.MaxOwnerLength } ? new Caller(new TenantId(tenant), owner) : null;
    }

    /// <returns>False where there is one already.</returns>
    private static bool TrySet(ref string? value, Claim claim)
    {
        if (value is not null)
        {
            return false;
        }

        value = claim.Value;
        return true;
    }
}
