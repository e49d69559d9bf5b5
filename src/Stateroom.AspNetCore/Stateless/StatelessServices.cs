using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Auditing;
using Stateroom.AspNetCore.Authorization;
using Stateroom.AspNetCore.Diagnostics;
using Stateroom.AspNetCore.Direct;
using Stateroom.AspNetCore.Limits;
using Stateroom.AspNetCore.Stateless.Direct;

namespace Stateroom.AspNetCore.Stateless;

/// <summary>Registers what serves the stateless era, and what both eras share: sealed request state and session errors in words.</summary>
internal static class StatelessServices
{
    /// <summary>Adds the filters. Expects the services of <c>AddStateroom</c> and the SDK's.</summary>
    public static IServiceCollection AddStatelessEra(this IServiceCollection services)
    {
        services.AddDataProtection();
        services.TryAddSingleton<RequestAccessor>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<SessionEndpointOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SessionEndpointOptions>, SessionEndpointOptionsValidator>());

        services.TryAddSingleton<AuditLog>();
        services.TryAddSingleton<ServerMetrics>();
        services.TryAddSingleton<RefusalTally>();
        services.TryAddSingleton<ToolErrors>();
        services.TryAddSingleton<SessionSchema>();
        services.TryAddSingleton<SessionTools>();
        services.TryAddSingleton<SessionDoor>();
        services.TryAddSingleton<RequestStateProtector>();
        services.TryAddSingleton<ListToolsFilter>();
        services.TryAddSingleton<RetryFilter>();
        services.TryAddSingleton<CallToolFilter>();
        services.TryAddSingleton<Listeners>();
        services.TryAddSingleton<ListenHandler>();
        services.TryAddSingleton<AnswerFilter>();
        services.TryAddSingleton<StatelessSetup>();
        services.TryAddSingleton<PlainCalls>();
        services.TryAddSingleton<StatelessServers>();
        services.TryAddSingleton<SdkWatch>();
        services.TryAddSingleton<StatelessCalls>();
        services.TryAddSingleton<PlainCallHandler>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<McpServerOptions>, StatelessSetup>());
        services.TryAddSingleton<IOptionsFactory<McpServerOptions>, ServerOptionsFactory>();
        services.AddFeatureGate();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ToolCheck>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ListChangeForwarder>());
        return services;
    }
}
