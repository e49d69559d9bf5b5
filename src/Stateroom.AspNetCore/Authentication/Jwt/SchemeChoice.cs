using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using ModelContextProtocol.AspNetCore.Authentication;

namespace Stateroom.AspNetCore.Authentication.Jwt;

/// <summary>Hands a JWT to the scheme of the issuer that it names, and everything else to the API keys.</summary>
internal sealed class SchemeChoice(IOptions<JwtOptions> jwt) : IConfigureNamedOptions<PolicySchemeOptions>
{
    public void Configure(PolicySchemeOptions options)
    {
    }

    public void Configure(string? name, PolicySchemeOptions options)
    {
        if (name != StateroomAuthenticationDefaults.AuthenticationScheme)
        {
            return;
        }

        options.ForwardDefaultSelector = Choose;
        if (jwt.Value.Issuers.Count > 0)
        {
            options.ForwardChallenge = McpAuthenticationDefaults.AuthenticationScheme;
            options.ForwardForbid = McpAuthenticationDefaults.AuthenticationScheme;
        }
    }

    private string Choose(HttpContext context)
    {
        var issuers = jwt.Value.Issuers;
        if (issuers.Count > 0 && context.Request.Headers.Authorization is [{ } authorization] && TokenShape.ClaimedIssuer(authorization) is { } claimed)
        {
            for (var i = 0; i < issuers.Count; i++)
            {
                if (issuers[i].Authority == claimed)
                {
                    return JwtDefaults.SchemeOf(i);
                }
            }
        }

        // A token of an issuer that nobody configured is an unknown key.
        return ApiKeyDefaults.AuthenticationScheme;
    }
}
