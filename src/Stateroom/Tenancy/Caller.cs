namespace Stateroom.Tenancy;

/// <summary>
/// Who makes a request: an owner within a tenant. Decided by a verified credential and by nothing else that a request says.
/// </summary>
public sealed record Caller
{
    /// <summary>The longest owner name, in UTF-16 characters.</summary>
    public const int MaxOwnerLength = 1024;

    /// <summary>Names a caller.</summary>
    /// <param name="tenant">The organisation.</param>
    /// <param name="owner">The user or service within it, 1 to <see cref="MaxOwnerLength"/> characters.</param>
    /// <exception cref="ArgumentException"><paramref name="owner"/> is empty or too long, or <paramref name="tenant"/> is <c>default</c>.</exception>
    public Caller(TenantId tenant, string owner)
    {
        ArgumentException.ThrowIfNullOrEmpty(owner);
        if (tenant == default)
        {
            throw new ArgumentException("A caller belongs to a tenant; this TenantId was never given a name.", nameof(tenant));
        }

        if (owner.Length > MaxOwnerLength)
        {
            throw new ArgumentException($"An owner's name has at most {MaxOwnerLength} characters; this one has {owner.Length}.", nameof(owner));
        }

        Tenant = tenant;
        Owner = owner;
    }

    /// <summary>
    /// A caller without a credential. Everybody anonymous shares this identity, so a session's id alone is the key to its room;
    /// limits for one owner do not apply to it, and nothing lists its sessions.
    /// </summary>
    public static Caller Anonymous { get; } = new(new TenantId("anonymous"), "anonymous") { IsAnonymous = true };

    /// <summary>The organisation.</summary>
    public TenantId Tenant { get; }

    /// <summary>The user or service within the organisation.</summary>
    public string Owner { get; }

    /// <summary>Whether this is <see cref="Anonymous"/>. A credential that happens to use the same names is somebody else.</summary>
    public bool IsAnonymous { get; private init; }
}
