using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Stateroom.AspNetCore.Draining;

/// <summary>Registers what lets an instance leave without failing a call.</summary>
internal static class DrainingServices
{
    public static void AddDraining(this IServiceCollection services)
    {
        if (services.Any(s => s.ServiceType == typeof(ConnectionDrain)))
        {
            return;
        }

        services.AddSingleton<ConnectionDrain>();
        services.AddHostedService(provider => provider.GetRequiredService<ConnectionDrain>());
        services.AddSingleton<CallDrain>();
        services.AddHostedService(provider => provider.GetRequiredService<CallDrain>());
        services.AddHealthChecks();
        services.Configure<HealthCheckServiceOptions>(options => options.Registrations.Add(
            new("stopping", provider => ActivatorUtilities.CreateInstance<StoppingHealthCheck>(provider), HealthStatus.Unhealthy, tags: null)));

        // A transport of the host's own choice is left alone.
        if (services.Where(s => s.ServiceType == typeof(IConnectionListenerFactory)).All(s => s.ImplementationType == typeof(SocketTransportFactory)))
        {
            services.AddSingleton<IConnectionListenerFactory, DrainingListenerFactory>();
        }
    }
}
