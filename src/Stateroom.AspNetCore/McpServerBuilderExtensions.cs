using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Stateroom.AspNetCore.Administration;
using Stateroom.AspNetCore.Auditing;
using Stateroom.AspNetCore.Diagnostics;
using Stateroom.AspNetCore.Draining;
using Stateroom.AspNetCore.Endpoint;
using Stateroom.AspNetCore.Handshake;
using Stateroom.AspNetCore.Handshake.Direct;
using Stateroom.AspNetCore.Limits;
using Stateroom.AspNetCore.Stateless;
using Stateroom.AspNetCore.Tenancy;
using Stateroom.Sessions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Gives an MCP server sessions.</summary>
public static class StateroomMcpServerBuilderExtensions
{
    /// <summary>
    /// Gives every client of the server its own locked room of state, in both eras of the protocol. Sessions are held in this process unless a backend replaces the store.
    /// Map the endpoint with <c>app.MapMcpSessions()</c>.
    /// </summary>
    /// <param name="builder">The server.</param>
    /// <param name="configure">Sets how long sessions live and how much they hold.</param>
    /// <returns>The builder.</returns>
    public static IMcpServerBuilder WithSessions(this IMcpServerBuilder builder, Action<SessionOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        builder.WithHttpTransport();
        services.AddStateroom(configure);
        services.AddStatelessEra();
        services.AddDraining();
        services.TryAddSingleton<ITenantResolver, ClaimsTenantResolver>();
        services.TryAddSingleton<StateroomMarker>();
        services.TryAddSingleton<McpOperations>();
        services.TryAddSingleton<AdmissionGate>();
        services.TryAddSingleton<FrontDoor>();
        services.TryAddSingleton<AdministrationDoor>();
        services.TryAddSingleton<ConfiguredTenants>();
        services.TryAddSingleton<AdministrationHandler>();
        services.TryAddSingleton<AnswerBuilder>();
        services.TryAddSingleton<OverviewHandler>();
        services.TryAddSingleton<SessionSearch>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, AuditMiddleware>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, ProblemMiddleware>());
        services.TryAddSingleton<ExchangeServices>();
        services.TryAddSingleton<ExchangeRunner>();
        services.TryAddSingleton<DirectCalls>();
        services.TryAddSingleton<HandshakeServerOptions>();
        services.TryAddSingleton<RememberedLogLevel>();
        services.TryAddSingleton<Questions>();
        services.TryAddSingleton<KnownClients>();
        services.TryAddSingleton<LiveSessions>();
        services.TryAddSingleton<StreamDelay>();
        services.TryAddSingleton<StreamPump>();
        services.TryAddSingleton<Orphans>();
        services.TryAddSingleton<StreamUpkeep.Services>();
        services.TryAddSingleton<InitializeHandler>();
        services.TryAddSingleton<Dispatcher>();
        services.TryAddSingleton<BatchHandler>();
        services.TryAddSingleton<MessageHandler>();
        services.TryAddSingleton<StreamHandler>();
        services.TryAddSingleton<EndHandler>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, WarmUp>());
        return builder;
    }
}
