namespace Stateroom.Diagnostics;

/// <summary>What metrics may tell of tenants. Checked at start-up.</summary>
public sealed class TelemetryOptions
{
    /// <summary>
    /// Tenants whose names stand in metrics; those of <see cref="Limits.LimitOptions.Tenants"/> are among them. Default none. All others count together as
    /// <see cref="StateroomTelemetry.OtherTenants"/>: names that only credentials tell are not for whoever reads metrics, and there may be any number of them.
    /// </summary>
    public IList<string> MetricsTenants { get; } = [];

    /// <summary>How many names stand in metrics at the most, those that were named first. Default 100; 0 to 1,000. Each costs a few dozen series.</summary>
    public int MaxMetricsTenants { get; set; } = 100;

    /// <summary>
    /// How often the sessions that the backend holds and the use of limits are counted, as long as somebody collects those metrics. Where counting takes long, it
    /// rests ten times as long. Default 15 seconds; 1 second to 1 hour.
    /// </summary>
    public TimeSpan MetricsInterval { get; set; } = TimeSpan.FromSeconds(15);
}
