using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Model;

namespace Stateroom.Cli.Demo;

/// <summary>A balancer that sends each request to the next instance, whosever session it is, and notes who served which.</summary>
internal sealed class RoundRobinProxy : IAsyncDisposable
{
    private const string Cluster = "weather";

    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, int> _served = new();

    private RoundRobinProxy(WebApplication app) => _app = app;

    /// <summary>The MCP endpoint behind it.</summary>
    public Uri Endpoint => new(new Uri(_app.Urls.First()), "/mcp");

    /// <summary>How many sessions were seen. Of the stateless era none is: their handles stand in the bodies.</summary>
    public int Sessions => _served.Count;

    /// <summary>How many sessions were served by more than one instance.</summary>
    public int Travelled => _served.Values.Count(mask => int.PopCount(mask) > 1);

    public static async Task<RoundRobinProxy> StartAsync(IReadOnlyList<Instance> instances, CancellationToken cancellationToken)
    {
        // It takes nothing from the caller's surroundings: no settings, no address.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.Services.AddReverseProxy().LoadFromMemory(
            [new RouteConfig { RouteId = Cluster, ClusterId = Cluster, Match = new() { Path = "{**all}" } }],
            [
                new ClusterConfig
                {
                    ClusterId = Cluster,
                    LoadBalancingPolicy = "RoundRobin",
                    Destinations = instances.ToDictionary(i => i.Name, i => new DestinationConfig { Address = i.Address.ToString() }),
                    HealthCheck = new()
                    {
                        AvailableDestinationsPolicy = "HealthyOrPanic",
                        Active = new() { Enabled = true, Path = "/health/ready", Interval = TimeSpan.FromMilliseconds(500), Timeout = TimeSpan.FromSeconds(2), Policy = "ConsecutiveFailures" },
                    },
                },
            ]);
        var proxy = new RoundRobinProxy(builder.Build());
        proxy._app.UseRouting();
        proxy._app.MapReverseProxy(pipeline =>
        {
            pipeline.UseLoadBalancing();
            pipeline.Use(async (http, next) =>
            {
                await next();
                proxy.Note(http, instances);
            });
        });
        await proxy._app.StartAsync(cancellationToken);
        return proxy;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private void Note(HttpContext http, IReadOnlyList<Instance> instances)
    {
        var destination = http.Features.Get<IReverseProxyFeature>()?.ProxiedDestination?.DestinationId;
        for (var i = 0; i < instances.Count; i++)
        {
            if (instances[i].Name == destination && http.Response.StatusCode < StatusCodes.Status500InternalServerError)
            {
                instances[i].CountCall();
                if (http.Request.Headers["Mcp-Session-Id"].ToString() is { Length: > 0 } id)
                {
                    _served.AddOrUpdate(Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(id))), 1 << i, (_, mask) => mask | (1 << i));
                }
            }
        }
    }
}
