using Microsoft.Extensions.Options;
using Stateroom.Limits;
using Stateroom.Sessions;

namespace Stateroom.Administration;

/// <summary>Tells how much a tenant sends at the moment, of what it may. What has no limit is not counted and not told; anonymous callers are limited by address, not as a tenant.</summary>
internal sealed class TrafficUsage(IAdmission admission, IOptions<SessionOptions> sessions, IOptions<LimitOptions> limits) : ITenantUsage
{
    private readonly LimitTable _limits = new(sessions.Value, limits.Value);

    public async ValueTask<IReadOnlyList<LimitUsage>> ReadAsync(TenantSummary tenant, CancellationToken cancellationToken)
    {
        if (tenant.Tenant.IsAnonymous)
        {
            return [];
        }

        var limits = _limits.Of(tenant.Tenant.Tenant);
        var use = await admission.ReadUseAsync(tenant.Tenant.Tenant, cancellationToken);
        IReadOnlyList<LimitUsage> all =
        [
            new(nameof(LimitOptions.RequestBurstPerTenant), use.Messages, limits.TenantRate.Applies ? limits.TenantRate.Burst : 0),
            new(nameof(LimitOptions.MaxCallsPerTenant), use.Calls, limits.Places(AdmissionPlace.Call).Tenant),
            new(nameof(LimitOptions.MaxStreamsPerTenant), use.Streams, limits.Places(AdmissionPlace.Stream).Tenant),
        ];
        return [.. all.Where(usage => usage.Maximum > 0)];
    }
}
