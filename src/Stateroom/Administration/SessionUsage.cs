using Microsoft.Extensions.Options;
using Stateroom.Limits;
using Stateroom.Sessions;

namespace Stateroom.Administration;

/// <summary>Tells how many of its sessions a tenant uses.</summary>
internal sealed class SessionUsage(IOptions<SessionOptions> sessions, IOptions<LimitOptions> limits) : ITenantUsage
{
    private readonly LimitTable _limits = new(sessions.Value, limits.Value);

    public ValueTask<IReadOnlyList<LimitUsage>> ReadAsync(TenantSummary tenant, CancellationToken cancellationToken) =>
        new([new LimitUsage(nameof(SessionOptions.MaxSessionsPerTenant), tenant.Sessions.Total, _limits.Of(tenant.Tenant.Tenant).MaxSessionsPerTenant)]);
}
