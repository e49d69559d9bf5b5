using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using ModelContextProtocol.AspNetCore.Authentication;
using Stateroom.AspNetCore.Authentication;
using Stateroom.AspNetCore.Authentication.Jwt;
using Stateroom.AspNetCore.Authorization;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds authentication by access token.</summary>
public static class JwtExtensions
{
    /// <summary>
    /// Lets callers in by the access tokens of authorization servers, beside those with API keys: this server becomes an OAuth 2.1 resource server.
    /// Make <see cref="StateroomAuthenticationDefaults.AuthenticationScheme"/> the default scheme.
    /// </summary>
    /// <param name="builder">The authentication to add to.</param>
    /// <param name="configure">Gives the issuers; for instance binds the configuration section <c>Stateroom:Jwt</c>. Without issuers there are API keys only.</param>
    /// <returns>The same builder.</returns>
    public static AuthenticationBuilder AddJwtIssuers(this AuthenticationBuilder builder, Action<JwtOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<RequiredScopes>();
        services.TryAddSingleton<ScopeCatalog>();
        services.TryAddSingleton<ResourceMetadata>();
        services.AddOptions<JwtOptions>().Configure(configure ?? (static _ => { })).ValidateOnStart();
        services.TryAddEnumerable(
        [
            ServiceDescriptor.Singleton<IValidateOptions<JwtOptions>, JwtOptionsValidator>(),
            ServiceDescriptor.Singleton<IConfigureOptions<AuthenticationOptions>, JwtSchemes>(),
            ServiceDescriptor.Singleton<IConfigureOptions<PolicySchemeOptions>, SchemeChoice>(),
            ServiceDescriptor.Singleton<IConfigureOptions<JwtBearerOptions>, JwtBearerSetup>(),
            ServiceDescriptor.Singleton<IPostConfigureOptions<JwtBearerOptions>, JwtBearerPostConfigureOptions>(),
        ]);
        services.AddSingleton<IConfigureOptions<McpAuthenticationOptions>>(provider => provider.GetRequiredService<ResourceMetadata>());
        services.TryAddTransient<JwtBearerHandler>();
        services.TryAddTransient<ResourceChallengeHandler>();
        builder.AddApiKeys(static _ => { });
        return builder.AddPolicyScheme(StateroomAuthenticationDefaults.AuthenticationScheme, displayName: null, static _ => { });
    }
}
