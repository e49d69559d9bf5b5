using Microsoft.AspNetCore.Http;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Tenancy;

/// <summary>Says who makes a request. Register your own to map a credential to tenant and owner in another way.</summary>
public interface ITenantResolver
{
    /// <summary>Names the caller by the credential that authentication has verified, and by nothing else that the request says.</summary>
    /// <param name="context">The request, after authentication.</param>
    /// <param name="ct">Ends the wait.</param>
    /// <returns>The caller; null where the request carries no credential that names one.</returns>
    ValueTask<Caller?> ResolveAsync(HttpContext context, CancellationToken ct);
}
