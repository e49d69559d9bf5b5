using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Stateroom.Administration;
using Stateroom.Diagnostics;
using Stateroom.Encryption;
using Stateroom.Limits;
using Stateroom.Messaging;
using Stateroom.Sessions;
using Stateroom.SingleUse;
using Stateroom.State;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers what sessions need.</summary>
public static class StateroomServiceCollectionExtensions
{
    /// <summary>
    /// Adds sessions, their state, their cache and their messages, all in process. A backend that is registered before or after takes the place of
    /// <see cref="ISessionStore"/>, <see cref="ISessionOutbox"/>, <see cref="ISessionBackplane"/> and <see cref="IAdmission"/>. May be called more than once. Needs the logging of a host.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options; they are checked when the host starts.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddStateroom(this IServiceCollection services, Action<SessionOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.AddOptions<SessionOptions>().ValidateOnStart();
        services.AddOptions<SessionStateOptions>().ValidateOnStart();
        services.AddOptions<EncryptionOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SessionOptions>, SessionOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SessionStateOptions>, SessionStateOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<EncryptionOptions>, EncryptionOptionsValidator>());

        services.AddLimits();
        services.AddHybridCache();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSessionsInProcess();
        services.TryAddSingleton<IUsedTokens, InMemoryUsedTokens>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, EncryptionCheck>());
        services.TryAddSingleton<ISharedClock, InMemorySharedClock>();
        services.TryAddSingleton<IAdmission, InMemoryAdmission>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, SessionSweeper>());

        services.TryAddSingleton<IStreamReaders, InMemoryStreamReaders>();
        services.TryAddDirectoryInProcess();
        services.TryAddSingleton<ISessionAdministration, SessionAdministration>();
        services.TryAddSingleton<IInstanceDirectory, InMemoryInstanceDirectory>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ITenantUsage, SessionUsage>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ITenantUsage, TrafficUsage>());
        services.TryAddSingleton(p => new SessionLifecycle(
            p.GetRequiredService<ISessionStore>(), p.GetRequiredService<ISessionOutbox>(), p.GetRequiredService<ISessionBackplane>(), p.GetRequiredService<SessionMetrics>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, UsageSampler>());
        services.TryAddSingleton<ISessionNotifier, SessionNotifier>();
        services.TryAddSingleton<SessionAccessor>();
        services.TryAddSingleton<ISessionAccessor>(provider => provider.GetRequiredService<SessionAccessor>());
        services.TryAddSingleton<SessionStateTypes>();
        services.TryAddSingleton<SessionGates>();
        services.TryAddSingleton(typeof(ISessionState<>), typeof(SessionState<>));
        services.TryAddSingleton<ISessionCache, SessionCache>();
        return services;
    }

    private static void AddLimits(this IServiceCollection services)
    {
        services.AddOptions<LimitOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LimitOptions>, LimitOptionsValidator>());
        var defaults = ServiceDescriptor.Singleton<IConfigureOptions<LimitOptions>, DevelopmentLimits>();
        if (services.All(service => service.ImplementationType != defaults.ImplementationType))
        {
            // Before all else, as these are defaults: what the host configured by now stands.
            services.Insert(0, defaults);
        }
    }
}
