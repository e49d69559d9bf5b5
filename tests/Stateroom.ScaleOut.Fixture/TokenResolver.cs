using Stateroom.AspNetCore.Tenancy;
using Stateroom.Tenancy;

namespace Stateroom.ScaleOut.Fixture;

/// <summary>Believes callers who they are.</summary>
internal sealed class TokenResolver : ITenantResolver
{
    public ValueTask<Caller?> ResolveAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var header = context.Request.Headers.Authorization.ToString();
        return header.StartsWith("Bearer ", StringComparison.Ordinal) && header[7..].Split('/') is [var tenant, var owner]
            ? new(new Caller(new TenantId(tenant), owner))
            : new((Caller?)null);
    }
}
