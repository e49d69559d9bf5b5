using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Stateroom.AspNetCore.Tenancy;
using Stateroom.Limits;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Tests.Support;

/// <summary>A real server on a free loopback port. A bearer token <c>tenant/owner</c> names the caller.</summary>
public sealed class SessionServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SessionServer(WebApplication app, Uri url)
    {
        _app = app;
        Url = url;
    }

    public Uri Url { get; }

    public IServiceProvider Services => _app.Services;

    public Gates Gates => Services.GetRequiredService<Gates>();

    public static async Task<SessionServer> StartAsync(Action<IServiceCollection>? configure = null, Action<IMcpServerBuilder>? mcp = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<Gates>();
        builder.Services.AddSingleton<RequestsUnderWay>();
        builder.Services.AddSingleton<IStartupFilter>(provider => provider.GetRequiredService<RequestsUnderWay>());
        var server = builder.Services.AddMcpServer().WithTools<RoomTools>().WithResources<RoomResources>();
        mcp?.Invoke(server);
        server.WithSessions();
        builder.Services.AddSingleton<ITenantResolver, TokenResolver>();
        builder.Services.Configure<LimitOptions>(limits => limits.TurnOff());
        configure?.Invoke(builder.Services);
        var app = builder.Build();
        app.MapMcpSessions("/mcp");
        await app.StartAsync(TestContext.Current.CancellationToken);
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return new SessionServer(app, new Uri($"{address}/mcp"));
    }

    /// <summary>Done when the server has done all that it does for its requests, also after their answers.</summary>
    public Task QuietAsync() => Services.GetRequiredService<RequestsUnderWay>().QuietAsync();

    public RawClient Client(string token = "acme/alice") => new(Url, token);

    public async ValueTask DisposeAsync()
    {
        Gates.OpenAll();
        await _app.DisposeAsync();
    }

    private sealed class TokenResolver : ITenantResolver
    {
        public ValueTask<Caller?> ResolveAsync(HttpContext context, CancellationToken cancellationToken)
        {
            var header = context.Request.Headers.Authorization.ToString();
            return header.StartsWith("Bearer ", StringComparison.Ordinal) && header[7..].Split('/') is [var tenant, var owner]
                ? new(new Caller(new TenantId(tenant), owner))
                : new((Caller?)null);
        }
    }
}
