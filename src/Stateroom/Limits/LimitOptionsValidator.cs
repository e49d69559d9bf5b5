using Microsoft.Extensions.Options;
using Stateroom.Tenancy;

namespace Stateroom.Limits;

/// <summary>Finds every fault of the options at once and says how to mend each.</summary>
internal sealed class LimitOptionsValidator : IValidateOptions<LimitOptions>
{
    public ValidateOptionsResult Validate(string? name, LimitOptions options)
    {
        var faults = new OptionFaults();
        faults.AtLeast(nameof(options.RequestRatePerOwner), options.RequestRatePerOwner, 0);
        faults.AtLeast(nameof(options.RequestBurstPerOwner), options.RequestBurstPerOwner, 1);
        faults.AtLeast(nameof(options.RequestRatePerTenant), options.RequestRatePerTenant, 0);
        faults.AtLeast(nameof(options.RequestBurstPerTenant), options.RequestBurstPerTenant, 1);
        faults.AtLeast(nameof(options.MaxCallsPerOwner), options.MaxCallsPerOwner, 0);
        faults.AtLeast(nameof(options.MaxCallsPerTenant), options.MaxCallsPerTenant, 0);
        faults.AtLeast(nameof(options.MaxStreamsPerOwner), options.MaxStreamsPerOwner, 0);
        faults.AtLeast(nameof(options.MaxStreamsPerTenant), options.MaxStreamsPerTenant, 0);
        for (var i = 0; i < options.Tenants.Count; i++)
        {
            Check($"{nameof(options.Tenants)}:{i}:", options.Tenants[i]);
        }

        // By number: a name may be a customer's, and these words are logged.
        var named = options.Tenants.Select((tenant, i) => (tenant.Tenant, Index: i)).GroupBy(t => t.Tenant, StringComparer.Ordinal);
        foreach (var same in named.Where(n => n.Key is { Length: > 0 } && n.Count() > 1))
        {
            faults.Add($"{nameof(options.Tenants)}:{same.Last().Index}:{nameof(TenantLimits.Tenant)} is the same as {nameof(options.Tenants)}:{same.First().Index}:{nameof(TenantLimits.Tenant)}. Put the limits of a tenant into one entry.");
        }

        return faults.Result;

        void Check(string path, TenantLimits tenant)
        {
            if (tenant.Tenant is not { Length: > 0 and <= TenantId.MaxLength })
            {
                faults.Add($"{path}{nameof(tenant.Tenant)} has {tenant.Tenant?.Length ?? 0} characters. Give the tenant's name, 1 to {TenantId.MaxLength} characters.");
            }

            faults.AtLeast(path + nameof(tenant.MaxSessionsPerTenant), tenant.MaxSessionsPerTenant, 1);
            faults.AtLeast(path + nameof(tenant.MaxSessionsPerOwner), tenant.MaxSessionsPerOwner, 1);
            faults.AtLeast(path + nameof(tenant.MaxStateBytes), tenant.MaxStateBytes, 1024);
            faults.AtLeast(path + nameof(tenant.MaxBodyBytes), tenant.MaxBodyBytes, 1024);
            faults.AtLeast(path + nameof(tenant.RequestRatePerOwner), tenant.RequestRatePerOwner, 0);
            faults.AtLeast(path + nameof(tenant.RequestBurstPerOwner), tenant.RequestBurstPerOwner, 1);
            faults.AtLeast(path + nameof(tenant.RequestRatePerTenant), tenant.RequestRatePerTenant, 0);
            faults.AtLeast(path + nameof(tenant.RequestBurstPerTenant), tenant.RequestBurstPerTenant, 1);
            faults.AtLeast(path + nameof(tenant.MaxCallsPerOwner), tenant.MaxCallsPerOwner, 0);
            faults.AtLeast(path + nameof(tenant.MaxCallsPerTenant), tenant.MaxCallsPerTenant, 0);
            faults.AtLeast(path + nameof(tenant.MaxStreamsPerOwner), tenant.MaxStreamsPerOwner, 0);
            faults.AtLeast(path + nameof(tenant.MaxStreamsPerTenant), tenant.MaxStreamsPerTenant, 0);
        }
    }
}
