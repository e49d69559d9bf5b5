namespace Stateroom.AspNetCore.Authentication;

/// <summary>One API key and whom it stands for. Exactly one of <see cref="Key"/> and <see cref="KeyHash"/> is given.</summary>
/// <remarks>A hash protects only what cannot be guessed: draw a key from at least 128 random bits.</remarks>
public sealed class ApiKeyEntry
{
    /// <summary>
    /// The key itself, for development: see <see cref="ApiKeyOptions.AllowPlainKeys"/>.
    /// Letters, digits and <c>- . _ ~ + /</c>, then any number of <c>=</c> (RFC 6750 section 2.1).
    /// </summary>
    public string? Key { get; set; }

    /// <summary>The key's SHA-256 as 64 hexadecimal digits, with or without <c>sha256:</c> before them.</summary>
    public string? KeyHash { get; set; }

    /// <summary>The organisation; 1 to 256 characters.</summary>
    public string? Tenant { get; set; }

    /// <summary>The user or service within it; 1 to 1,024 characters.</summary>
    public string? Owner { get; set; }

    /// <summary>
    /// The scopes that the key has. Default none given, which is every scope that a tool, prompt or resource asks for; an empty list is no scope at all.
    /// A scope of Stateroom's own, such as <see cref="Authorization.StateroomScopes.Admin"/>, a key has only if it stands here.
    /// </summary>
    public IList<string>? Scopes { get; set; }
}
