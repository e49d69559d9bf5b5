using Stateroom.Tenancy;

namespace Stateroom.Sessions;

/// <summary>The address of a session in every store: a tenant and an id, never an id alone.</summary>
/// <param name="Tenant">The tenant of the caller who asks, so that another tenant's session cannot even be addressed.</param>
/// <param name="Id">The session's id, as <see cref="SessionId.New"/> made it.</param>
public readonly record struct SessionKey(TenantId Tenant, string Id)
{
    /// <summary>Never the id itself, which is a secret: see <see cref="SessionFingerprint"/>.</summary>
    public override string ToString() => $"{Tenant}/{SessionFingerprint.Of(Id)}";
}
