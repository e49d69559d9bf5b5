namespace Stateroom.Administration;

/// <summary>A tenant that has sessions.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Sessions">How many live sessions it has.</param>
public sealed record TenantSummary(TenantRooms Tenant, SessionCount Sessions);

/// <summary>Some tenants.</summary>
/// <param name="Tenants">The tenants.</param>
/// <param name="Next">Where the next page begins: after this tenant; null if this is the last page.</param>
public sealed record TenantPage(IReadOnlyList<TenantSummary> Tenants, TenantRooms? Next);
