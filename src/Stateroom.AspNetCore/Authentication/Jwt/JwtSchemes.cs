using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using ModelContextProtocol.AspNetCore.Authentication;

namespace Stateroom.AspNetCore.Authentication.Jwt;

/// <summary>
/// Adds a scheme for each issuer, so that a token is checked against the keys of the one issuer that it claims to be from, and one that tells clients where to get tokens.
/// The settings are known only when they are read, hence not in <c>AddAuthentication</c>.
/// </summary>
internal sealed class JwtSchemes(IOptions<JwtOptions> jwt) : IConfigureOptions<AuthenticationOptions>
{
    public void Configure(AuthenticationOptions options)
    {
        if (jwt.Value.Issuers.Count == 0)
        {
            // Where there are only keys, a scheme that chooses between them and tokens would cost every request and choose nothing.
            if (options.DefaultScheme == StateroomAuthenticationDefaults.AuthenticationScheme)
            {
                options.DefaultScheme = ApiKeyDefaults.AuthenticationScheme;
            }

            return;
        }

        for (var i = 0; i < jwt.Value.Issuers.Count; i++)
        {
            options.AddScheme<JwtBearerHandler>(JwtDefaults.SchemeOf(i), displayName: null);
        }

        options.AddScheme<ResourceChallengeHandler>(McpAuthenticationDefaults.AuthenticationScheme, McpAuthenticationDefaults.DisplayName);
    }
}
