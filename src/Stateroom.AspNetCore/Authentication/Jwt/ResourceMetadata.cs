using Microsoft.Extensions.Options;
using ModelContextProtocol.AspNetCore.Authentication;
using ModelContextProtocol.Authentication;
using Stateroom.AspNetCore.Authorization;

namespace Stateroom.AspNetCore.Authentication.Jwt;

/// <summary>Tells clients which authorization servers give tokens for this server: RFC 9728, served by the SDK's handler.</summary>
internal sealed class ResourceMetadata(IOptions<JwtOptions> jwt, ScopeCatalog scopes, TimeProvider time) : IConfigureNamedOptions<McpAuthenticationOptions>
{
    private const string WellKnown = "/.well-known/oauth-protected-resource";

    /// <summary>Where the metadata lies (RFC 9728 section 3.1), by the address that clients know and not by what a request says; null where there are no issuers.</summary>
    public string? Address { get; } = jwt.Value is { Issuers.Count: > 0, Resource: { } resource } ? new Uri(resource).GetLeftPart(UriPartial.Authority) + PathOf(resource) : null;

    public void Configure(McpAuthenticationOptions options)
    {
    }

    public void Configure(string? name, McpAuthenticationOptions options)
    {
        if (name != McpAuthenticationDefaults.AuthenticationScheme || Address is null)
        {
            return;
        }

        options.TimeProvider = time;
        options.ForwardAuthenticate = StateroomAuthenticationDefaults.AuthenticationScheme;

        // Relative, so that it is found whatever host and scheme a proxy passes on.
        options.ResourceMetadataUri = new Uri(PathOf(jwt.Value.Resource!), UriKind.Relative);
        options.ResourceMetadata = new ProtectedResourceMetadata
        {
            Resource = jwt.Value.Resource,
            AuthorizationServers = [.. jwt.Value.Issuers.Select(issuer => issuer.Authority!)],
            ScopesSupported = [.. scopes.Known],
        };
    }

    private static string PathOf(string resource) => WellKnown + new Uri(resource).AbsolutePath.TrimEnd('/');
}
