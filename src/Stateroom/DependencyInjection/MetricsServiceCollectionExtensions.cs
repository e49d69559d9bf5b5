using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Stateroom.Diagnostics;
using Stateroom.Limits;
using Stateroom.Messaging;
using Stateroom.Sessions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers what watches the parts that hold sessions.</summary>
internal static class MetricsServiceCollectionExtensions
{
    public static void AddSessionMetrics(this IServiceCollection services)
    {
        services.AddOptions<TelemetryOptions>().ValidateOnStart();
        services.AddOptions<LimitOptions>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TelemetryOptions>, TelemetryOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<TenantLabels>();
        services.TryAddSingleton<SessionMetrics>();
    }

    public static ISessionStore Watch(this IServiceProvider services, ISessionStore store) =>
        new MeteredSessionStore(store, services.GetRequiredService<SessionMetrics>(), services.GetRequiredService<TimeProvider>());

    public static ISessionOutbox Watch(this IServiceProvider services, ISessionOutbox outbox) =>
        new MeteredSessionOutbox(outbox, services.GetRequiredService<SessionMetrics>(), services.GetRequiredService<TimeProvider>());
}
