using Stateroom.Sessions;

namespace Stateroom.Limits;

/// <summary>The limits of one tenant, where they differ from those of all. What is left out is as for all.</summary>
public sealed class TenantLimits
{
    /// <summary>The tenant's name, as the credentials say it. <c>anonymous</c> also means callers without a credential. Needed.</summary>
    public string Tenant { get; set; } = string.Empty;

    /// <summary>In place of <see cref="SessionOptions.MaxSessionsPerTenant"/>. At least 1.</summary>
    public int? MaxSessionsPerTenant { get; set; }

    /// <summary>In place of <see cref="SessionOptions.MaxSessionsPerOwner"/>. At least 1.</summary>
    public int? MaxSessionsPerOwner { get; set; }

    /// <summary>In place of <see cref="SessionOptions.MaxStateBytes"/>. At least 1,024.</summary>
    public int? MaxStateBytes { get; set; }

    /// <summary>In place of the endpoint's <c>MaxBodyBytes</c>. At least 1,024.</summary>
    public long? MaxBodyBytes { get; set; }

    /// <summary>In place of <see cref="LimitOptions.RequestRatePerOwner"/>. 0 for no limit.</summary>
    public int? RequestRatePerOwner { get; set; }

    /// <summary>In place of <see cref="LimitOptions.RequestBurstPerOwner"/>. At least 1.</summary>
    public int? RequestBurstPerOwner { get; set; }

    /// <summary>In place of <see cref="LimitOptions.RequestRatePerTenant"/>. 0 for no limit.</summary>
    public int? RequestRatePerTenant { get; set; }

    /// <summary>In place of <see cref="LimitOptions.RequestBurstPerTenant"/>. At least 1.</summary>
    public int? RequestBurstPerTenant { get; set; }

    /// <summary>In place of <see cref="LimitOptions.MaxCallsPerOwner"/>. 0 for no limit.</summary>
    public int? MaxCallsPerOwner { get; set; }

    /// <summary>In place of <see cref="LimitOptions.MaxCallsPerTenant"/>. 0 for no limit.</summary>
    public int? MaxCallsPerTenant { get; set; }

    /// <summary>In place of <see cref="LimitOptions.MaxStreamsPerOwner"/>. 0 for no limit.</summary>
    public int? MaxStreamsPerOwner { get; set; }

    /// <summary>In place of <see cref="LimitOptions.MaxStreamsPerTenant"/>. 0 for no limit.</summary>
    public int? MaxStreamsPerTenant { get; set; }
}
