namespace Stateroom.AspNetCore.Tenancy;

/// <summary>The claims by which a verified credential says whose sessions it opens, and what it may do with them.</summary>
public static class StateroomClaims
{
    /// <summary>The organisation: a <see cref="Stateroom.Tenancy.TenantId"/>.</summary>
    public const string Tenant = "stateroom:tenant";

    /// <summary>The user or service within the organisation: <see cref="Stateroom.Tenancy.Caller.Owner"/>.</summary>
    public const string Owner = "stateroom:owner";

    /// <summary>
    /// What the credential may be used for: scopes with spaces between them (RFC 8693 section 4.2, RFC 9068 section 2.2.3). The claim may stand several times.
    /// Every scheme tells scopes by this claim; a credential without it has none.
    /// </summary>
    public const string Scope = "scope";

    /// <summary>
    /// Stands, with any value, where the credential has every scope that a tool, prompt or resource may ask for, as an API key without a list of scopes does.
    /// It never stands for a scope of Stateroom's own, such as <see cref="Authorization.StateroomScopes.Admin"/>.
    /// </summary>
    public const string EveryScope = "stateroom:every_scope";

    /// <summary>
    /// The name of a tool that the credential sees. Where the claim stands, once for each tool, all other tools do not exist for it; an empty value alone leaves none.
    /// </summary>
    public const string Tool = "stateroom:tool";
}
