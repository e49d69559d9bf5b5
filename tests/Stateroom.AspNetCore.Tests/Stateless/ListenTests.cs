using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Stateless;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Tests.Stateless;

public sealed class ListenTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Discovery_says_what_can_be_listened_for()
    {
        await using var host = await StatelessHost.StartAsync();

        var capabilities = (await host.Client(Person.AcmeAlice).SendAsync("server/discover")).Result["capabilities"]!;

        Assert.True(capabilities["tools"]!["listChanged"]!.GetValue<bool>());
        Assert.True(capabilities["prompts"]!["listChanged"]!.GetValue<bool>());
        Assert.True(capabilities["resources"]!["listChanged"]!.GetValue<bool>());
        Assert.True(capabilities["resources"]!["subscribe"]!.GetValue<bool>());
    }

    [Fact]
    public async Task The_acknowledgement_comes_first_and_then_what_was_asked_for()
    {
        await using var host = await StatelessHost.StartAsync();
        using var stream = await host.Client(Person.AcmeAlice).OpenAsync("subscriptions/listen", Wishes(tools: true, "counter://tea"));

        var acknowledged = (await stream.NextAsync())!;
        Assert.Equal("notifications/subscriptions/acknowledged", Method(acknowledged));
        Assert.Equal("""{"toolsListChanged":true,"resourceSubscriptions":["counter://tea"]}""", acknowledged["params"]!["notifications"]!.ToJsonString());
        Assert.Equal(1, Subscription(acknowledged));

        await host.Notifier.PromptsChangedAsync(null, Token);
        await host.Notifier.ResourceUpdatedAsync("counter://coffee", null, Token);
        await host.Notifier.ToolsChangedAsync(null, Token);
        var tools = (await stream.NextAsync())!;
        Assert.Equal("notifications/tools/list_changed", Method(tools));
        Assert.Equal(1, Subscription(tools));

        await host.Notifier.ResourceUpdatedAsync("counter://tea", Person.AcmeAlice.Tenant, Token);
        var updated = (await stream.NextAsync())!;
        Assert.Equal("notifications/resources/updated", Method(updated));
        Assert.Equal("counter://tea", updated["params"]!["uri"]!.GetValue<string>());
        Assert.Equal(1, Subscription(updated));
    }

    [Fact]
    public async Task Nothing_of_another_tenant_is_told()
    {
        await using var host = await StatelessHost.StartAsync();
        using var acme = await host.Client(Person.AcmeAlice).OpenAsync("subscriptions/listen", Wishes(tools: true, "counter://tea"));
        using var globex = await host.Client(Person.GlobexAlice).OpenAsync("subscriptions/listen", Wishes(tools: true, "counter://tea"));
        await acme.NextAsync();
        await globex.NextAsync();

        await host.Notifier.ToolsChangedAsync(Person.GlobexAlice.Tenant, Token);
        await host.Notifier.ResourceUpdatedAsync("counter://tea", Person.AcmeAlice.Tenant, Token);

        Assert.Equal("notifications/resources/updated", Method((await acme.NextAsync())!));
        Assert.Equal("notifications/tools/list_changed", Method((await globex.NextAsync())!));
    }

    [Fact]
    public async Task What_the_server_does_not_have_is_not_granted()
    {
        await using var host = await StatelessHost.StartAsync(server: mcp => mcp.Services.PostConfigure<McpServerOptions>(o =>
        {
            o.PromptCollection = null;
            o.ResourceCollection = null;
        }));
        using var stream = await host.Client(Person.AcmeAlice).OpenAsync(
            "subscriptions/listen",
            new() { ["notifications"] = new JsonObject { ["promptsListChanged"] = true, ["resourcesListChanged"] = true, ["toolsListChanged"] = false, ["resourceSubscriptions"] = new JsonArray("counter://tea") } });

        Assert.Equal("{}", (await stream.NextAsync())!["params"]!["notifications"]!.ToJsonString());
    }

    [Fact]
    public async Task A_change_of_the_servers_own_tools_is_told()
    {
        var tools = new McpServerPrimitiveCollection<McpServerTool>();
        await using var host = await StatelessHost.StartAsync(server: mcp => mcp.Services.Configure<McpServerOptions>(o => o.ToolCollection = tools));
        var client = host.Client(Person.AcmeAlice);
        using var stream = await client.OpenAsync("subscriptions/listen", Wishes(tools: true));
        await stream.NextAsync();

        tools.Add(McpServerTool.Create(() => "new", new() { Name = "newcomer" }));

        Assert.Equal("notifications/tools/list_changed", Method((await stream.NextAsync())!));
        Assert.Contains("newcomer", (await ToolListTests.ToolsAsync(client)).Keys);
    }

    [Fact]
    public async Task A_host_that_stops_ends_the_stream_with_a_response()
    {
        await using var host = await StatelessHost.StartAsync();
        using var stream = await host.Client(Person.AcmeAlice).OpenAsync("subscriptions/listen", Wishes(tools: true));
        await stream.NextAsync();

        var stopping = host.StopAsync();

        var response = (await stream.NextAsync())!;
        Assert.Equal(1, response["id"]!.GetValue<int>());
        Assert.Equal("complete", response["result"]!["resultType"]!.GetValue<string>());
        Assert.Equal(1, response["result"]!["_meta"]!["io.modelcontextprotocol/subscriptionId"]!.GetValue<int>());
        Assert.Null(await stream.NextAsync());
        await stopping;
    }

    [Fact]
    public async Task A_caller_has_so_many_streams_and_one_that_closes_makes_room()
    {
        await using var host = await StatelessHost.StartAsync();
        var client = host.Client(Person.AcmeAlice);
        var streams = new List<WireStream>();
        for (var i = 0; i < Listeners.MaxPerCaller; i++)
        {
            streams.Add(await client.OpenAsync("subscriptions/listen", Wishes(tools: true)));
            Assert.Equal("notifications/subscriptions/acknowledged", Method((await streams[^1].NextAsync())!));
        }

        var refused = await client.SendAsync("subscriptions/listen", Wishes(tools: true));
        Assert.Equal(-32600, refused.Error);
        Assert.Contains("16", refused.Message["error"]!["message"]!.GetValue<string>(), StringComparison.Ordinal);
        using var bobs = await host.Client(Person.AcmeBob).OpenAsync("subscriptions/listen", Wishes(tools: true));
        Assert.Equal("notifications/subscriptions/acknowledged", Method((await bobs.NextAsync())!));

        streams[0].Dispose();
        JsonObject? message;
        do
        {
            // The server notices in its own time that the client left.
            using var next = await client.OpenAsync("subscriptions/listen", Wishes(tools: true));
            message = await next.NextAsync();
        }
        while (message!["error"] is not null);

        Assert.Equal("notifications/subscriptions/acknowledged", Method(message));
        streams.ForEach(s => s.Dispose());
    }

    [Fact]
    public async Task Anonymous_callers_have_so_many_streams_from_each_address()
    {
        await using var host = await StatelessHost.StartAsync();
        var client = host.Client(Caller.AnonymousFrom("192.0.2.1"));
        var streams = new List<WireStream>();
        for (var i = 0; i < Listeners.MaxPerCaller; i++)
        {
            streams.Add(await client.OpenAsync("subscriptions/listen", Wishes(tools: true)));
            await streams[^1].NextAsync();
        }

        Assert.Equal(-32600, (await client.SendAsync("subscriptions/listen", Wishes(tools: true))).Error);
        using var elsewhere = await host.Client(Caller.AnonymousFrom("192.0.2.2")).OpenAsync("subscriptions/listen", Wishes(tools: true));
        Assert.Equal("notifications/subscriptions/acknowledged", Method((await elsewhere.NextAsync())!));
        streams.ForEach(s => s.Dispose());
    }

    [Fact]
    public async Task Streams_that_ended_leave_nothing_behind()
    {
        await using var host = await StatelessHost.StartAsync();
        var listeners = host.Services.GetRequiredService<Listeners>();
        using (var stream = await host.Client(Person.AcmeAlice).OpenAsync("subscriptions/listen", Wishes(tools: true, "counter://tea")))
        {
            await stream.NextAsync();
            Assert.Equal(1, listeners.Count);
        }

        while (listeners.Count > 0)
        {
            await Task.Yield();
            Token.ThrowIfCancellationRequested();
        }
    }

    private static JsonObject Wishes(bool tools, params string[] resources) => new()
    {
        ["notifications"] = new JsonObject { ["toolsListChanged"] = tools, ["resourceSubscriptions"] = new JsonArray([.. resources.Select(r => JsonValue.Create(r))]) },
    };

    private static string Method(JsonObject message) => message["method"]!.GetValue<string>();

    private static int Subscription(JsonObject message) => message["params"]!["_meta"]!["io.modelcontextprotocol/subscriptionId"]!.GetValue<int>();
}
