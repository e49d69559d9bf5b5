namespace Stateroom.AspNetCore.Authentication.Jwt;

/// <summary>An authorization server, and how its tokens name tenant and owner. Exactly one of <see cref="Tenant"/> and <see cref="TenantClaim"/> is given.</summary>
public sealed class JwtIssuer
{
    /// <summary>
    /// The issuer's address, exactly as the claim <c>iss</c> of its tokens has it. Its keys are found through
    /// <c>/.well-known/openid-configuration</c> below it. Has to be <c>https</c> unless it is on a loopback address or in development.
    /// </summary>
    public string? Authority { get; set; }

    /// <summary>Where the issuer's metadata lies, if elsewhere, such as the address of RFC 8414 section 3. Default none.</summary>
    public string? MetadataAddress { get; set; }

    /// <summary>The one tenant that all tokens of this issuer belong to, whatever they say; 1 to 256 characters.</summary>
    public string? Tenant { get; set; }

    /// <summary>The claim by which the issuer names the tenant. It can then name any tenant, so give this only to an issuer that speaks for all of them.</summary>
    public string? TenantClaim { get; set; }

    /// <summary>
    /// The claim that tells the issuer's subjects apart, for ever and without confusion. Default <c>sub</c>.
    /// The owner of a session is the issuer's address, a space, and this claim's value: equal subjects of two issuers are two owners.
    /// </summary>
    public string OwnerClaim { get; set; } = "sub";

    /// <summary>The claim that holds the scopes, as text with spaces between them or as a list. Default <c>scope</c>; some issuers write <c>scp</c>.</summary>
    public string ScopeClaim { get; set; } = "scope";

    /// <summary>
    /// Whether its tokens may hold scopes of Stateroom's own, such as <see cref="Authorization.StateroomScopes.Admin"/>, which is good for all tenants.
    /// Default false: such scopes are then left out, since the issuer of one tenant must not rule over others.
    /// </summary>
    public bool MayGrantAdmin { get; set; }
}
