using Microsoft.Extensions.Options;

namespace Stateroom.Diagnostics;

/// <summary>Finds every fault of the options at once and says how to mend each.</summary>
internal sealed class TelemetryOptionsValidator : IValidateOptions<TelemetryOptions>
{
    private const int MostTenants = 1_000;

    public ValidateOptionsResult Validate(string? name, TelemetryOptions options)
    {
        List<string> faults = [];
        if (options.MaxMetricsTenants is < 0 or > MostTenants)
        {
            faults.Add($"{nameof(options.MaxMetricsTenants)} is {options.MaxMetricsTenants}. Set it to 0 to {MostTenants}.");
        }

        if (options.MetricsInterval < TimeSpan.FromSeconds(1) || options.MetricsInterval > TimeSpan.FromHours(1))
        {
            faults.Add($"{nameof(options.MetricsInterval)} is {options.MetricsInterval}. Set it to 00:00:01 to 01:00:00.");
        }

        for (var i = 0; i < options.MetricsTenants.Count; i++)
        {
            if (options.MetricsTenants[i] is not { Length: > 0 and <= Tenancy.TenantId.MaxLength })
            {
                faults.Add($"{nameof(options.MetricsTenants)}:{i} is no tenant's name. Give 1 to {Tenancy.TenantId.MaxLength} characters.");
            }
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
