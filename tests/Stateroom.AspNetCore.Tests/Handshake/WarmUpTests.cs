using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Stateroom.AspNetCore.Handshake;
using Stateroom.AspNetCore.Tests.Support;
using Stateroom.Limits;
using Stateroom.Sessions;

namespace Stateroom.AspNetCore.Tests.Handshake;

public sealed class WarmUpTests
{
    [Fact]
    public async Task A_server_of_the_SDK_has_answered_and_nothing_of_the_host_was_asked_and_nothing_is_left()
    {
        var asked = new List<string>();
        await using var server = await SessionServer.StartAsync(
            services => services.Configure<LimitOptions>(limits => limits.MaxCallsPerOwner = 1),
            mcp => mcp.WithRequestFilters(filters => filters
                .AddListToolsFilter(next => (request, token) =>
                {
                    asked.Add(request.JsonRpcRequest.Method);
                    return next(request, token);
                })));
        var warmUp = server.Services.GetServices<IHostedService>().OfType<WarmUp>().Single();

        var answers = (await warmUp.RunAsync()).Select(answer => JsonNode.Parse(answer)!["result"]!.AsObject()).ToList();

        Assert.Equal("2025-11-25", (string?)answers[0]["protocolVersion"]);
        Assert.Equal("warm_up", (string?)Assert.Single(answers[1]["tools"]!.AsArray())!["name"]);
        Assert.Equal("Handshake", (string?)answers[2]["content"]![0]!["text"]);
        Assert.True(JsonNode.DeepEquals(answers[2], Assert.Single(answers[3..])));
        Assert.Empty(asked);
        Assert.Empty(server.Services.GetRequiredService<InMemorySessionStore>().Tenants());
        Assert.Equal(0, server.Services.GetRequiredService<IAdmission>() is InMemoryAdmission admission ? admission.Count : -1);
        Assert.Empty(server.Services.GetRequiredService<LiveSessions>().Snapshot());
    }

    [Fact]
    public async Task It_comes_before_the_port_is_open()
    {
        var order = new List<string>();
        await using var server = await SessionServer.StartAsync(services => services.AddSingleton<IHostedService>(provider => new Witness(provider, order)));

        Assert.Equal(["warm, not listening"], order);
    }

    /// <summary>Starts after the warm-up, as it is registered after it.</summary>
    private sealed class Witness(IServiceProvider services, List<string> order) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            var warm = services.GetServices<IHostedService>().OfType<WarmUp>().Single().IsDone;
            var listens = services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.Any(address => !address.EndsWith(":0", StringComparison.Ordinal)) == true;
            order.Add($"{(warm ? "warm" : "cold")}, {(listens ? "listening" : "not listening")}");
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
