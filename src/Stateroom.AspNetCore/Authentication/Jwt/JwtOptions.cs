namespace Stateroom.AspNetCore.Authentication.Jwt;

/// <summary>Whose access tokens let callers in: this server as an OAuth 2.1 resource server (MCP 2026-07-28, Authorization). Checked at start-up; every fault is reported at once.</summary>
public sealed class JwtOptions
{
    /// <summary>
    /// The canonical address of this MCP server as its clients know it, such as <c>https://mcp.example.com/mcp</c> (RFC 8707 section 2).
    /// Only tokens with this very audience are taken. Needed where there are issuers.
    /// </summary>
    public string? Resource { get; set; }

    /// <summary>The authorization servers. Default none, which takes no tokens.</summary>
    public IList<JwtIssuer> Issuers { get; } = [];
}
