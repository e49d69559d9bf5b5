namespace Stateroom.AspNetCore.Tenancy;

/// <summary>The claims by which a verified credential says whose sessions it opens.</summary>
public static class StateroomClaims
{
    /// <summary>The organisation: a <see cref="Stateroom.Tenancy.TenantId"/>.</summary>
    public const string Tenant = "stateroom:tenant";

    /// <summary>The user or service within the organisation: <see cref="Stateroom.Tenancy.Caller.Owner"/>.</summary>
    public const string Owner = "stateroom:owner";
}
