using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Stateroom.AspNetCore.Stateless;
using Stateroom.Messaging;
using Stateroom.Sessions;
using Stateroom.State;
using Stateroom.Tenancy;
using SessionOptions = Stateroom.Sessions.SessionOptions;

namespace Stateroom.AspNetCore.Tests.Stateless;

/// <summary>A server with the SDK's own endpoint. The header <c>Test-Caller</c> says who sends a request, in place of authentication.</summary>
internal sealed class StatelessHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, (Caller Caller, SessionRecord? Handshake)> _callers = new();
    private readonly HttpClient _http;

    private StatelessHost(WebApplication app)
    {
        _app = app;
        _http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public static DateTimeOffset Start { get; } = new(2026, 8, 1, 12, 0, 0, TimeSpan.Zero);

    public FakeTimeProvider Time => _app.Services.GetRequiredService<FakeTimeProvider>();

    public IServiceProvider Services => _app.Services;

    public ISessionNotifier Notifier => _app.Services.GetRequiredService<ISessionNotifier>();

    public ISessionStore Store => _app.Services.GetRequiredService<ISessionStore>();

    public static async Task<StatelessHost> StartAsync(
        Action<SessionEndpointOptions>? endpoint = null,
        Action<SessionOptions>? sessions = null,
        Action<IMcpServerBuilder>? server = null,
        Action<ILoggingBuilder>? logging = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        logging?.Invoke(builder.Logging);
        var time = new FakeTimeProvider(Start);
        builder.Services.AddSingleton(time);
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddStateroom(sessions);
        var mcp = builder.Services.AddMcpServer().WithHttpTransport().WithTools<CounterTools>().WithPrompts<CounterPrompts>().WithResources<CounterResources>();
        server?.Invoke(mcp);
        builder.Services.AddStatelessEra();
        builder.Services.AddSingleton<IDataProtectionProvider, BreakableKeys>();
        builder.Services.Configure(endpoint ?? (_ => { }));

        var app = builder.Build();
        StatelessHost host = null!;
        app.Use(async (context, next) =>
        {
            var (caller, handshake) = host._callers[context.Request.Headers["Test-Caller"].ToString()];
            var services = app.Services;
            services.GetRequiredService<SessionAccessor>().Current = new SessionContext(
                services.GetRequiredService<ISessionStore>(),
                caller,
                handshake is null ? SessionEra.Stateless : SessionEra.Handshake,
                handshake);
            using var flow = services.GetRequiredService<RequestAccessor>().Enter(context);
            await next(context);
        });
        app.MapMcp("/mcp");
        await app.StartAsync(TestContext.Current.CancellationToken);
        return host = new StatelessHost(app);
    }

    /// <summary>A client of the stateless era.</summary>
    public Wire Client(Caller caller) => Client(caller, null);

    /// <summary>A client of the handshake era, with its session as the endpoint found it.</summary>
    public async Task<Wire> HandshakeClientAsync(Caller caller)
    {
        var created = await Store.CreateAsync(new NewSession { Caller = caller, Era = SessionEra.Handshake }, TestContext.Current.CancellationToken);
        return Client(caller, created.Session);
    }

    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }

    private Wire Client(Caller caller, SessionRecord? handshake)
    {
        var name = SessionId.New();
        _callers[name] = (caller, handshake);
        return new Wire(_http, name, handshake is null ? "2026-07-28" : "2025-11-25");
    }
}
