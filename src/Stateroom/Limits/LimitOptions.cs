namespace Stateroom.Limits;

/// <summary>
/// How much traffic tenants and their owners may cause, and what differs for single tenants. A limit of 0 is none. Checked at start-up; every fault is reported at
/// once. In a host whose environment is Development every default is 0.
/// </summary>
public sealed class LimitOptions
{
    /// <summary>
    /// How many messages a second one owner may send for ever; does not apply to anonymous callers as such, but to each network address that they call from.
    /// Default 20; 0 for no limit.
    /// </summary>
    public int RequestRatePerOwner { get; set; } = 20;

    /// <summary>How many messages one owner may send at once after a pause, and the largest batch. Default 40; at least 1.</summary>
    public int RequestBurstPerOwner { get; set; } = 40;

    /// <summary>How many messages a second all owners of a tenant together may send for ever. Default 200; 0 for no limit.</summary>
    public int RequestRatePerTenant { get; set; } = 200;

    /// <summary>How many messages all owners of a tenant together may send at once after a pause. Default 400; at least 1.</summary>
    public int RequestBurstPerTenant { get; set; } = 400;

    /// <summary>How many requests of one owner may run at a time, those included that wait for their user. Default 32; 0 for no limit.</summary>
    public int MaxCallsPerOwner { get; set; } = 32;

    /// <summary>How many requests of a tenant may run at a time. Default 512; 0 for no limit.</summary>
    public int MaxCallsPerTenant { get; set; } = 512;

    /// <summary>
    /// How many event streams one owner may have open: those of GET, of requests that became streams, and of <c>subscriptions/listen</c>. Default 128; 0 for no limit.
    /// </summary>
    public int MaxStreamsPerOwner { get; set; } = 128;

    /// <summary>How many event streams a tenant may have open. Default 2,048; 0 for no limit.</summary>
    public int MaxStreamsPerTenant { get; set; } = 2_048;

    /// <summary>Tenants to which other limits apply. Default none.</summary>
    public IList<TenantLimits> Tenants { get; } = [];

    /// <summary>Sets every limit to none.</summary>
    internal void TurnOff() =>
        RequestRatePerOwner = RequestRatePerTenant = MaxCallsPerOwner = MaxCallsPerTenant = MaxStreamsPerOwner = MaxStreamsPerTenant = 0;
}
