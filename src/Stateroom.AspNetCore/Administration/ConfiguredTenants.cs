using Microsoft.Extensions.Options;
using Stateroom.Administration;
using Stateroom.AspNetCore.Authentication;
using Stateroom.AspNetCore.Authentication.Jwt;
using Stateroom.Limits;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Administration;

/// <summary>The tenants that the settings name: by a key, by an issuer, or by limits of their own. Others are known only by what they use.</summary>
internal sealed class ConfiguredTenants(
    IOptionsMonitor<ApiKeyOptions> keys, IOptions<JwtOptions> tokens, IOptions<LimitOptions> limits, IOptions<SessionEndpointOptions> endpoint)
{
    private readonly Lazy<HashSet<TenantRooms>> _all = new(() =>
    [
        .. keys.Get(ApiKeyDefaults.AuthenticationScheme).Keys.Select(key => key.Tenant)
            .Concat(tokens.Value.Issuers.Select(issuer => issuer.Tenant))
            .Concat(limits.Value.Tenants.Select(tenant => tenant.Tenant))
            .Where(name => name is { Length: > 0 and <= TenantId.MaxLength })
            .Select(name => new TenantRooms(new TenantId(name!))),
        .. endpoint.Value.AllowAnonymous ? (TenantRooms[])[TenantRooms.Anonymous] : [],
    ]);

    public bool Contains(TenantRooms tenant) => _all.Value.Contains(tenant);
}
