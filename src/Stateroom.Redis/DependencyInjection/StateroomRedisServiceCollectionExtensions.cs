using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using Stateroom.Administration;
using Stateroom.Limits;
using Stateroom.Messaging;
using Stateroom.Redis;
using Stateroom.Redis.Administration;
using Stateroom.Redis.Connection;
using Stateroom.Redis.Diagnostics;
using Stateroom.Redis.KeyRing;
using Stateroom.Redis.Limits;
using Stateroom.Redis.Messaging;
using Stateroom.Redis.Scripts;
using Stateroom.Redis.Sessions;
using Stateroom.Redis.SingleUse;
using Stateroom.Sessions;
using Stateroom.SingleUse;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers what holds sessions in Redis.</summary>
public static class StateroomRedisServiceCollectionExtensions
{
    /// <summary>The name of the health check, which also is its tag.</summary>
    public const string HealthCheckName = "redis";

    /// <summary>
    /// Puts Redis in the place of the in-process store, outbox, backplane and admission, whether those are registered before or after. Adds a health check, unhealthy until
    /// Redis answers; the host starts without it. The connection is opened here and closed with the services. Where the host says nothing of where the keys
    /// of ASP.NET Core Data Protection are kept, they are kept in Redis too, in plain text, so that every instance reads what one of them has sealed.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options; they are checked when the host starts.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddStateroomRedis(this IServiceCollection services, Action<RedisSessionOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.Configure(configure);
        services.AddOptions<RedisSessionOptions>().ValidateOnStart();
        services.AddOptions<SessionOptions>();
        services.AddOptions<LimitOptions>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RedisSessionOptions>, RedisSessionOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new RedisConnection(
            provider.GetRequiredService<IOptions<RedisSessionOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<RedisConnection>>(),
            provider.GetService<GivenConnection>()?.Multiplexer));
        services.TryAddSingleton(provider => new RedisKeys(provider.GetRequiredService<IOptions<RedisSessionOptions>>().Value.KeyPrefix));
        services.TryAddSingleton<RedisMetrics>();
        services.TryAddSingleton<RedisCommands>();
        services.TryAddSingleton<ScriptRunner>();
        services.TryAddSingleton<StoreProbe>();
        services.AddSessionBackend<RedisSessionStore, RedisSessionOutbox, RedisSessionBackplane>();
        services.Replace(ServiceDescriptor.Singleton<IUsedTokens, RedisUsedTokens>());
        services.Replace(ServiceDescriptor.Singleton<ISharedClock, RedisSharedClock>());
        services.Replace(ServiceDescriptor.Singleton<IAdmission, RedisAdmission>());
        services.Replace(ServiceDescriptor.Singleton<IStreamReaders, RedisStreamReaders>());
        services.AddSessionDirectory<RedisSessionDirectory>();
        services.TryAddSingleton<RedisInstanceDirectory>();
        services.Replace(ServiceDescriptor.Singleton<IInstanceDirectory>(provider => provider.GetRequiredService<RedisInstanceDirectory>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, RedisStartup>());
        services.AddSharedKeyRing();
        services.AddHealthChecks();
        services.Configure<HealthCheckServiceOptions>(AddHealthCheckOnce);
        return services;
    }

    /// <summary>As <see cref="AddStateroomRedis(IServiceCollection, Action{RedisSessionOptions})"/>, on a connection that the application opened and will close.</summary>
    /// <param name="services">The services.</param>
    /// <param name="connection">
    /// The connection. How it queues commands and how long it retries is the application's to say; <c>AbortOnConnectFail=false</c> and
    /// <see cref="BacklogPolicy.FailFast"/> suit sessions.
    /// </param>
    /// <param name="configure">Sets the other options.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddStateroomRedis(this IServiceCollection services, IConnectionMultiplexer connection, Action<RedisSessionOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        services.AddStateroomRedis(configure ?? (static _ => { }));
        services.Replace(ServiceDescriptor.Singleton(new GivenConnection(connection)));
        return services;
    }

    private static void AddHealthCheckOnce(HealthCheckServiceOptions options)
    {
        if (options.Registrations.All(r => r.Name != HealthCheckName))
        {
            options.Registrations.Add(new(
                HealthCheckName, provider => ActivatorUtilities.CreateInstance<RedisHealthCheck>(provider), HealthStatus.Unhealthy, [HealthCheckName]));
        }
    }
}
