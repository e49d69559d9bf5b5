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
    /// A caller without a credential. Everybody anonymous shares this identity, so a session's id alone is the key to its room, and nothing lists its sessions.
    /// Limits for one owner apply to each <see cref="Source"/>.
    /// </summary>
    public static Caller Anonymous { get; } = new(new TenantId("anonymous"), "anonymous") { IsAnonymous = true };

    /// <summary>Gives the caller without a credential who calls from an address: equal to <see cref="Anonymous"/>, and limited by the address.</summary>
    /// <param name="source">The address, or the network, in one way of writing it; null where it is not known.</param>
    public static Caller AnonymousFrom(string? source) => source is null ? Anonymous : Anonymous with { Source = source };

    /// <summary>The organisation.</summary>
    public TenantId Tenant { get; }

    /// <summary>The user or service within the organisation.</summary>
    public string Owner { get; }

    /// <summary>Whether this is <see cref="Anonymous"/>. A credential that happens to use the same names is somebody else.</summary>
    public bool IsAnonymous { get; private init; }

    /// <summary>
    /// Where an anonymous caller calls from, which stands for its owner in limits and nowhere else; null to have the limits of the tenant apply alone.
    /// Callers that differ in it alone are equal. Null for all others.
    /// </summary>
    public string? Source { get; private init; }

    /// <summary>To whom the limits of one owner apply; null for nobody.</summary>
    internal string? Party => IsAnonymous ? Source : Owner;

    /// <summary>Whether it is the same caller, wherever it calls from.</summary>
    /// <param name="other">The other caller.</param>
    public bool Equals(Caller? other) => other is not null && Tenant == other.Tenant && Owner == other.Owner && IsAnonymous == other.IsAnonymous;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Tenant, Owner, IsAnonymous);
}
