using Microsoft.Extensions.Options;
using Stateroom.Administration;
using Stateroom.Limits;
using Stateroom.Tenancy;

namespace Stateroom.Diagnostics;

/// <summary>The names of tenants as metrics tell them: those that somebody who runs the server named, up to a number; the others are one.</summary>
internal sealed class TenantLabels
{
    private readonly Dictionary<TenantId, string> _labels = [];

    public TenantLabels(IOptions<TelemetryOptions> telemetry, IOptions<LimitOptions> limits)
    {
        foreach (var tenant in telemetry.Value.MetricsTenants.Concat(limits.Value.Tenants.Select(t => t.Tenant)))
        {
            if (_labels.Count == telemetry.Value.MaxMetricsTenants)
            {
                break;
            }

            _labels.TryAdd(new(tenant), tenant);
        }
    }

    /// <summary>The tenants that have a name here.</summary>
    public IEnumerable<TenantId> Named => _labels.Keys;

    /// <summary>All that can stand in metrics but for <see cref="StateroomTelemetry.AnonymousCallers"/>.</summary>
    public IEnumerable<string> Labels => _labels.Values.Append(StateroomTelemetry.OtherTenants).Distinct(StringComparer.Ordinal);

    public string Of(Caller caller) => Of(caller.Tenant);

    public string Of(TenantRooms rooms) => Of(rooms.Tenant);

    /// <summary>A tenant that is called like callers without a credential counts with them, as in the settings of limits.</summary>
    public string Of(TenantId tenant) => tenant == Caller.Anonymous.Tenant ? StateroomTelemetry.AnonymousCallers : _labels.GetValueOrDefault(tenant, StateroomTelemetry.OtherTenants);
}
