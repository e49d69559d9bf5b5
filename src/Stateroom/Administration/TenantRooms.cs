using Stateroom.Tenancy;

namespace Stateroom.Administration;

/// <summary>
/// The sessions that count together: those of a tenant, or those of everybody anonymous, who have rooms of their own whatever tenant is called like theirs.
/// </summary>
/// <param name="Tenant">The organisation.</param>
/// <param name="IsAnonymous">Whether these are the rooms of <see cref="Caller.Anonymous"/>.</param>
public readonly record struct TenantRooms(TenantId Tenant, bool IsAnonymous = false)
{
    /// <summary>The rooms of everybody anonymous.</summary>
    public static TenantRooms Anonymous { get; } = Of(Caller.Anonymous);

    /// <summary>The rooms that a caller's sessions are among.</summary>
    /// <param name="caller">The caller.</param>
    public static TenantRooms Of(Caller caller)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return new(caller.Tenant, caller.IsAnonymous);
    }

    /// <summary>Those of anonymous callers last, otherwise by name, letter by letter.</summary>
    internal static IComparer<TenantRooms> Order { get; } = Comparer<TenantRooms>.Create((a, b) =>
        a.IsAnonymous != b.IsAnonymous ? a.IsAnonymous.CompareTo(b.IsAnonymous) : string.CompareOrdinal(a.Tenant.Value, b.Tenant.Value));
}
