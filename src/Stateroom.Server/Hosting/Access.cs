using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using Stateroom.AspNetCore;
using Stateroom.AspNetCore.Authentication;
using Stateroom.AspNetCore.Authentication.Jwt;
using Stateroom.AspNetCore.Authorization;

namespace Stateroom.Server.Hosting;

/// <summary>Decides who may call.</summary>
internal static class Access
{
    /// <summary>The policy of the MCP endpoint.</summary>
    public const string Policy = "mcp";

    /// <summary>The section of the settings that says so, among other things.</summary>
    public const string Section = "Stateroom";

    public static void AddAccess(this WebApplicationBuilder builder)
    {
        builder.Services.AddSettings<AccessOptions>(Section);
        builder.Services.AddSettings<ScopeOptions>(Section);
        builder.Services.AddAuthentication(StateroomAuthenticationDefaults.AuthenticationScheme)
            .AddApiKeys(options => options.AllowPlainKeys = builder.Environment.IsDevelopment())
            .AddJwtIssuers();
        builder.Services.AddOptions<JwtOptions>().Configure<IOptions<AccessOptions>>((options, access) =>
        {
            options.Resource = access.Value.Jwt.Resource;
            foreach (var issuer in access.Value.Jwt.Issuers)
            {
                options.Issuers.Add(issuer);
            }
        });
        builder.Services.AddOptions<ApiKeyOptions>(ApiKeyDefaults.AuthenticationScheme).Configure<IOptions<AccessOptions>>((options, access) =>
        {
            foreach (var entry in access.Value.ApiKeys)
            {
                options.Keys.Add(entry);
            }
        });
        builder.Services.AddAuthorization();
        builder.Services.AddOptions<AuthorizationOptions>().Configure<IOptions<SessionEndpointOptions>>((authorization, endpoint) =>
            authorization.AddPolicy(Policy, policy =>
            {
                if (endpoint.Value.AllowAnonymous)
                {
                    policy.RequireAssertion(SentNoBadCredentialAsync);
                }
                else
                {
                    policy.RequireAuthenticatedUser();
                }
            }));
        builder.Services.AddSingleton<IValidateOptions<SessionEndpointOptions>, AccessValidator>();
    }

    /// <summary>A caller who meant to be somebody must not silently become nobody.</summary>
    private static async Task<bool> SentNoBadCredentialAsync(AuthorizationHandlerContext context) =>
        context.Resource is HttpContext http && (await http.AuthenticateAsync()).Failure is null;
}
