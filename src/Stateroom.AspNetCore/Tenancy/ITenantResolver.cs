using Microsoft.AspNetCore.Http;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Tenancy;

/// <summary>Decides who calls. Only what was verified may decide: never a plain header, an argument or <c>_meta</c>.</summary>
public interface ITenantResolver
{
    /// <summary>Names the caller of a request that authentication has seen.</summary>
    /// <param name="context">The request.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The caller; null if nothing verified names one, and then the request is served only where anonymous callers are.</returns>
    ValueTask<Caller?> ResolveAsync(HttpContext context, CancellationToken cancellationToken);
}
