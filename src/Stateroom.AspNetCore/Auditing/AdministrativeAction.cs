using Stateroom.Administration;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Auditing;

/// <summary>What an administrator does, filled in while it is done.</summary>
/// <param name="name">What it is called.</param>
internal sealed class AdministrativeAction(string name)
{
    public string Name => name;

    /// <summary>The fingerprint of the tenant.</summary>
    public string Tenant { get; private set; } = AuditLog.None;

    /// <summary>The fingerprint of the owner or of the session.</summary>
    public string Target { get; private set; } = AuditLog.None;

    /// <summary>How it ended.</summary>
    public string Outcome { get; set; } = "done";

    /// <summary>How many sessions were shown or ended.</summary>
    public int Sessions { get; set; }

    public void On(TenantRooms tenant) => Tenant = tenant.IsAnonymous ? "anonymous" : CallerFingerprint.Of(tenant.Tenant);

    public void On(Caller owner) => Target = CallerFingerprint.Of(owner);

    /// <summary>An owner that is looked for in all tenants has no tenant, and so is not one caller: its name stands alone.</summary>
    public void OnOwner(string name) => Target = CallerFingerprint.Of([name]);

    public void On(SessionSummary session) => Target = SessionFingerprint.Of(session.Key.Id);
}
