using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Stateroom.AspNetCore.Tenancy;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Tests.Tenancy;

// <example>
/// <summary>Names callers by the certificate that they proved to hold when they connected (mutual TLS).</summary>
/// <param name="tenants">The certificates that are known, by SHA-256 thumbprint.</param>
public sealed class CertificateTenantResolver(IReadOnlyDictionary<string, Caller> tenants) : ITenantResolver
{
    public async ValueTask<Caller?> ResolveAsync(HttpContext context, CancellationToken ct)
    {
        var certificate = await context.Connection.GetClientCertificateAsync(ct);
        return certificate is not null && tenants.TryGetValue(certificate.GetCertHashString(HashAlgorithmName.SHA256), out var caller) ? caller : null;
    }
}

/// <summary>Serves each tenant under a host name of its own. The name is the client's word: it can only refuse the caller that the credential names.</summary>
/// <param name="credential">Says who calls.</param>
/// <param name="tenantsByHost">Which tenant is served under which host name.</param>
public sealed class HostNameTenantResolver(ITenantResolver credential, IReadOnlyDictionary<string, TenantId> tenantsByHost) : ITenantResolver
{
    public async ValueTask<Caller?> ResolveAsync(HttpContext context, CancellationToken ct) =>
        await credential.ResolveAsync(context, ct) is { } caller
        && tenantsByHost.TryGetValue(context.Request.Host.Host, out var tenant)
        && tenant == caller.Tenant
            ? caller
            : null;
}
// </example>
