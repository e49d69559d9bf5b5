using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Tests.Support;

namespace Stateroom.AspNetCore.Tests.Handshake;

/// <summary>Server objects are shared by the sessions of equal clients, one call at a time.</summary>
public class WarmServerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>A filter of messages, whatever it does, has calls of tools be run by a server of the SDK.</summary>
    private static Task<SessionServer> StartAsync() => SessionServer.StartAsync(mcp: server => server
        .WithTools<ServerTools>()
        .WithTools<HandshakeTools>()
        .WithMessageFilters(filters => filters.AddIncomingFilter(next => next)));

    [Fact]
    public async Task Sessions_of_equal_clients_share_a_server_and_nothing_else()
    {
        await using var server = await StartAsync();
        using var alice = await server.Client("acme/alice").OpenAsync();
        using var bob = await server.Client("acme/bob").OpenAsync();
        var served = await alice.CallTextAsync("server");
        Assert.Equal(served, await bob.CallTextAsync("server"));
        Assert.Equal("1", await alice.CallTextAsync("add"));
        Assert.Equal("1", await bob.CallTextAsync("add"));
        Assert.Equal("acme/alice", await alice.CallTextAsync("who"));
        Assert.Equal("acme/bob", await bob.CallTextAsync("who"));
    }

    [Fact]
    public async Task Tenants_share_no_server()
    {
        await using var server = await StartAsync();
        using var acme = await server.Client("acme/alice").OpenAsync();
        using var globex = await server.Client("globex/alice").OpenAsync();
        Assert.NotEqual(await acme.CallTextAsync("server"), await globex.CallTextAsync("server"));
    }

    [Fact]
    public async Task Calls_at_the_same_time_have_servers_of_their_own()
    {
        await using var server = await StartAsync();
        using var one = await server.Client("acme/alice").OpenAsync();
        using var two = await server.Client("acme/bob").OpenAsync();
        var waiting = one.CallTextAsync("server_at_gate", """{"gate":"g"}""");
        await server.Gates.ReachedAsync("g");
        var other = await two.CallTextAsync("server");
        server.Gates.Open("g");
        Assert.NotEqual(other, await waiting);
    }

    [Fact]
    public async Task Clients_that_differ_are_served_as_what_they_are()
    {
        await using var server = await StartAsync();
        using var asks = await server.Client().OpenAsync("""{"elicitation":{}}""");
        using var plain = await server.Client().OpenAsync("{}");
        Assert.Equal("True", await asks.CallTextAsync("can_ask"));
        Assert.Equal("False", await plain.CallTextAsync("can_ask"));
        Assert.Equal("True", await asks.CallTextAsync("can_ask"));
        Assert.NotEqual(await asks.CallTextAsync("server"), await plain.CallTextAsync("server"));
    }

    [Fact]
    public async Task A_server_that_was_told_a_log_level_or_asked_or_was_cancelled_serves_nobody_else()
    {
        await using var server = await StartAsync();
        using var one = await server.Client("acme/alice").OpenAsync();
        using var two = await server.Client("acme/bob").OpenAsync();
        using var set = await one.SendAsync(HttpMethod.Post, """{"jsonrpc":"2.0","id":9,"method":"logging/setLevel","params":{"level":"debug"}}""");
        Assert.NotEqual(await one.CallTextAsync("server"), await one.CallTextAsync("server"));
        Assert.Equal("", await two.CallTextAsync("level"));

        var before = await two.CallTextAsync("server");
        var cancelled = two.SendAsync(HttpMethod.Post, RawClient.Call("server_at_gate", """{"gate":"never"}""", "77"));
        await server.Gates.ReachedAsync("never");
        using var cancel = await two.SendAsync(HttpMethod.Post, """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":77}}""");
        using var none = await cancelled;
        Assert.NotEqual(before, await two.CallTextAsync("server"));
    }

    [Fact]
    public async Task What_a_handler_says_after_its_answer_reaches_nobody()
    {
        await using var server = await StartAsync();
        using var one = await server.Client("acme/alice").OpenAsync();
        using var two = await server.Client("acme/bob").OpenAsync();
        var served = await one.CallTextAsync("nag", """{"gate":"late"}""");
        using var stream = await two.StreamAsync(HttpMethod.Post, RawClient.Call("server_at_gate", """{"gate":"open"}""", meta: """{"progressToken":"t"}"""));
        Assert.Equal("notifications/progress", (string?)(await stream.ReadMessageAsync(Cancellation)).Json["method"]);
        server.Gates.Open("late");
        await server.Gates.ReachedAsync("nagged");
        server.Gates.Open("open");
        Assert.Equal(served, RawClient.TextOf((await stream.ReadMessageAsync(Cancellation)).Json));
        Assert.Null(await stream.ReadAsync(Cancellation));
    }

    [Fact]
    public async Task A_server_keeps_nothing_of_the_request_that_raised_it()
    {
        await using var server = await StartAsync();
        using var one = await server.Client("acme/alice").OpenAsync();
        using var two = await server.Client("acme/bob").OpenAsync();
        await one.CallTextAsync("mark", """{"value":"acme"}""");
        Assert.Equal("", await two.CallTextAsync("mark", """{"value":"bob"}"""));
        Assert.Equal("", await one.CallTextAsync("mark", """{"value":"again"}"""));
    }

    private sealed class HandshakeTools(Gates gates)
    {
        [McpServerTool(Name = "can_ask")]
        public static string CanAsk(McpServer server) => $"{server.ClientCapabilities?.Elicitation is not null}";

#pragma warning disable MCP9005 // Handshake-era clients still use logging.
        [McpServerTool(Name = "level")]
        public static string Level(McpServer server) => $"{server.LoggingLevel}";
#pragma warning restore MCP9005

        /// <summary>Answers at once and goes on talking when a gate opens.</summary>
        [McpServerTool(Name = "nag")]
        public string Nag(string gate, McpServer server)
        {
            _ = Task.Run(async () =>
            {
                await gates.WaitAsync(gate, CancellationToken.None);
                await server.SendNotificationAsync("notifications/nagging", CancellationToken.None);
                await Assert.ThrowsAnyAsync<Exception>(async () => await server.ElicitAsync(new ElicitRequestParams { Message = "?", RequestedSchema = new() }, CancellationToken.None));
                await gates.WaitAsync("nagged", CancellationToken.None);
            });
            return ServerTools.NameOf(server);
        }
    }
}
