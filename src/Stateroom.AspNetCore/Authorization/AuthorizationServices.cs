using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;

namespace Stateroom.AspNetCore.Authorization;

/// <summary>Registers what decides who sees and may use what.</summary>
internal static class AuthorizationServices
{
    public static IServiceCollection AddFeatureGate(this IServiceCollection services)
    {
        services.AddOptions<ScopeOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<ScopeOptions>, ScopeOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IFeatureVisibility, ToolListVisibility>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ScopeRuleCheck>());
        services.TryAddSingleton<RequiredScopes>();
        services.TryAddSingleton<ScopeCatalog>();
        services.TryAddSingleton<FeatureGate>();
        services.TryAddSingleton<ScopeDoor>();
        services.TryAddSingleton<VisibilityFilters>();
        services.TryAddSingleton<ListFilters>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<McpServerOptions>, VisibilitySetup>());
        return services;
    }
}
