using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Stateroom.AspNetCore.Authentication;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds authentication by API key.</summary>
public static class ApiKeyExtensions
{
    /// <summary>Lets callers in by bearer API keys, under the scheme <see cref="ApiKeyDefaults.AuthenticationScheme"/>. May be called again to add keys.</summary>
    /// <param name="builder">The authentication to add to.</param>
    /// <param name="configure">Gives the keys; for instance binds the configuration section <c>Stateroom:ApiKeys</c> to <see cref="ApiKeyOptions.Keys"/>.</param>
    /// <returns>The same builder.</returns>
    public static AuthenticationBuilder AddApiKeys(this AuthenticationBuilder builder, Action<ApiKeyOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(configure);
        if (builder.Services.Any(service => service.ServiceType == typeof(ApiKeyRing)))
        {
            builder.Services.Configure(ApiKeyDefaults.AuthenticationScheme, configure);
            return builder;
        }

        builder.Services.TryAddSingleton<ApiKeyRing>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ApiKeyOptions>, ApiKeyOptionsValidator>());
        builder.Services.AddOptions<ApiKeyOptions>(ApiKeyDefaults.AuthenticationScheme).ValidateOnStart();
        return builder.AddScheme<ApiKeyOptions, ApiKeyHandler>(ApiKeyDefaults.AuthenticationScheme, configure);
    }
}
