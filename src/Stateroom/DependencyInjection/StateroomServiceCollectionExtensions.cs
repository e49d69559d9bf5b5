using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Stateroom.Administration;
using Stateroom.Messaging;
using Stateroom.Sessions;
using Stateroom.State;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers what sessions need.</summary>
public static class StateroomServiceCollectionExtensions
{
    /// <summary>
    /// Adds sessions, their state, their cache and their messages, all in process. A backend that is registered before or after takes the place of
    /// <see cref="ISessionStore"/>, <see cref="ISessionOutbox"/> and <see cref="ISessionBackplane"/>. May be called more than once. Needs the logging of a host.
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
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SessionOptions>, SessionOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SessionStateOptions>, SessionStateOptionsValidator>());

        services.AddHybridCache();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ISessionStore, InMemorySessionStore>();
        services.TryAddSingleton<ISessionOutbox, InMemorySessionOutbox>();
        services.TryAddSingleton<ISessionBackplane, InMemorySessionBackplane>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, SessionSweeper>());

        services.TryAddSingleton<IStreamReaders, InMemoryStreamReaders>();
        services.TryAddSingleton(InProcessDirectory);
        services.TryAddSingleton<ISessionAdministration, SessionAdministration>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ITenantUsage, SessionUsage>());
        services.TryAddSingleton<SessionLifecycle>();
        services.TryAddSingleton<ISessionNotifier, SessionNotifier>();
        services.TryAddSingleton<SessionAccessor>();
        services.TryAddSingleton<ISessionAccessor>(provider => provider.GetRequiredService<SessionAccessor>());
        services.TryAddSingleton<SessionStateTypes>();
        services.TryAddSingleton<SessionGates>();
        services.TryAddSingleton(typeof(ISessionState<>), typeof(SessionState<>));
        services.TryAddSingleton<ISessionCache, SessionCache>();
        return services;
    }

    /// <summary>A store of another kind brings a directory of its own; listing an empty one in its place would hide its sessions.</summary>
    private static ISessionDirectory InProcessDirectory(IServiceProvider provider) =>
        (provider.GetRequiredService<ISessionStore>(), provider.GetRequiredService<ISessionOutbox>(), provider.GetRequiredService<IStreamReaders>())
            is (InMemorySessionStore store, InMemorySessionOutbox outbox, InMemoryStreamReaders readers)
            ? new InMemorySessionDirectory(store, outbox, readers)
            : throw new InvalidOperationException($"The sessions are not held in process, and nobody registered an {nameof(ISessionDirectory)} that lists them.");
}
