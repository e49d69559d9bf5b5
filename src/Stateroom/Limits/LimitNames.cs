namespace Stateroom.Limits;

/// <summary>Names the limits as the settings do, which is how refusals name them.</summary>
internal static class LimitNames
{
    /// <summary>A place comes back when something ends, at a time that nobody knows.</summary>
    private static readonly TimeSpan PlaceRetry = TimeSpan.FromSeconds(1);

    /// <summary>What is refused by rate.</summary>
    /// <param name="limits">The limits.</param>
    /// <param name="tenant">How long until the tenant may; zero or less for now.</param>
    /// <param name="owner">How long until the owner may; null where no limit of an owner applies.</param>
    /// <returns>Null if nothing is.</returns>
    public static LimitRefusal? Rate(LimitsInForce limits, TimeSpan tenant, TimeSpan? owner) =>
        tenant > TimeSpan.Zero ? TenantRate(limits, tenant) : owner > TimeSpan.Zero ? OwnerRate(limits, owner.Value) : null;

    public static LimitRefusal TenantRate(LimitsInForce limits, TimeSpan wait) => new(nameof(LimitOptions.RequestRatePerTenant), limits.TenantRate.PerSecond, wait);

    public static LimitRefusal OwnerRate(LimitsInForce limits, TimeSpan wait) => new(nameof(LimitOptions.RequestRatePerOwner), limits.OwnerRate.PerSecond, wait);

    public static LimitRefusal OfTenant(AdmissionPlace place, int maximum) =>
        new(place == AdmissionPlace.Call ? nameof(LimitOptions.MaxCallsPerTenant) : nameof(LimitOptions.MaxStreamsPerTenant), maximum, PlaceRetry);

    public static LimitRefusal OfOwner(AdmissionPlace place, int maximum) =>
        new(place == AdmissionPlace.Call ? nameof(LimitOptions.MaxCallsPerOwner) : nameof(LimitOptions.MaxStreamsPerOwner), maximum, PlaceRetry);
}
