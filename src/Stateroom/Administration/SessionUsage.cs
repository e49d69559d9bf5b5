using Microsoft.Extensions.Options;
using Stateroom.Sessions;

namespace Stateroom.Administration;

/// <summary>Tells how many of its sessions a tenant uses.</summary>
internal sealed class SessionUsage(IOptions<SessionOptions> options) : ITenantUsage
{
    public ValueTask<IReadOnlyList<LimitUsage>> ReadAsync(TenantSummary tenant, CancellationToken cancellationToken) =>
        new([new LimitUsage(nameof(SessionOptions.MaxSessionsPerTenant), tenant.Sessions, options.Value.MaxSessionsPerTenant)]);
}
