using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Server;

namespace Stateroom.AspNetCore.Tests.Stateless;

public sealed class ServerOptionsTests
{
    [Fact]
    public async Task Options_are_made_once_however_many_requests_ask_for_them()
    {
        var made = 0;
        await using var host = await StatelessHost.StartAsync(server: mcp => mcp.Services.Configure<McpServerOptions>(_ => made++));
        var client = host.Client(Person.AcmeAlice);

        for (var i = 0; i < 3; i++)
        {
            Assert.NotNull((await client.CallAsync("count")).Handle);
        }

        Assert.Equal(1, made);
    }

    [Fact]
    public async Task What_the_host_changes_for_one_request_is_not_seen_by_another()
    {
        await using var host = await StatelessHost.StartAsync(server: mcp => mcp.Services.Configure<HttpServerTransportOptions>(transport =>
            transport.ConfigureSessionOptions = (context, options, _) =>
            {
                if (context.Request.Headers.ContainsKey("Test-Without"))
                {
                    Assert.True(options.ToolCollection!.TryGetPrimitive("count", out var count));
                    options.ToolCollection.Remove(count);
                }

                return Task.CompletedTask;
            }));
        var client = host.Client(Person.AcmeAlice);

        Assert.NotNull((await client.CallAsync("count", null, null, ("Test-Without", "1"))).Error);
        Assert.NotNull((await client.CallAsync("count")).Handle);
    }

    [Fact]
    public async Task A_tool_that_is_added_later_is_found_by_requests_that_come_later()
    {
        await using var host = await StatelessHost.StartAsync();
        var client = host.Client(Person.AcmeAlice);
        Assert.NotNull((await client.CallAsync("late")).Error);

        host.Services.GetRequiredService<IOptions<McpServerOptions>>().Value.ToolCollection!.Add(McpServerTool.Create(() => "here", new() { Name = "late" }));

        Assert.Equal("here", (await client.CallAsync("late")).Text);
    }
}
