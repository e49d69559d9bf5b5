using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Stateroom.AspNetCore.Tests.Support;
using Stateroom.Sessions;

namespace Stateroom.AspNetCore.Tests.Handshake;

public class InitializeTests
{
    [Theory]
    [InlineData("2024-11-05")]
    [InlineData("2025-03-26")]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    public async Task Agrees_on_each_revision_of_the_era_and_hands_out_an_id(string version)
    {
        await using var server = await SessionServer.StartAsync();
        using var client = server.Client();
        using var response = await client.SendAsync(HttpMethod.Post, RawClient.Initialize(version));
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;

        Assert.Equal(version, (string?)body["result"]!["protocolVersion"]);
        Assert.True(SessionId.IsWellFormed(response.Headers.GetValues("Mcp-Session-Id").Single()));
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Serves_a_plain_load_tool_that_sends_neither_Accept_nor_clientInfo()
    {
        await using var server = await SessionServer.StartAsync();
        using var client = server.Client();
        using var response = await client.SendAsync(
            HttpMethod.Post,
            """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-03-26","capabilities":{}}}""",
            configure: r => r.Headers.Accept.Clear());
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);

        client.SessionId = response.Headers.GetValues("Mcp-Session-Id").Single();
        var (status, body) = await RawClient.ReadAsync(client.SendAsync(HttpMethod.Post, RawClient.Call("add"), configure: r => r.Headers.Accept.Clear()));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal("1", RawClient.TextOf(JsonNode.Parse(body)!.AsObject()));
    }

    [Fact]
    public async Task Advertises_what_the_endpoint_adds()
    {
        await using var server = await SessionServer.StartAsync();
        using var client = server.Client();
        var (_, body) = await RawClient.ReadAsync(client.SendAsync(HttpMethod.Post, RawClient.Initialize()));
        var capabilities = JsonNode.Parse(body)!["result"]!["capabilities"]!;

        Assert.True((bool)capabilities["resources"]!["subscribe"]!);
        Assert.True((bool)capabilities["tools"]!["listChanged"]!);
    }

    [Fact]
    public async Task Never_adopts_an_id_that_a_client_made_up()
    {
        await using var server = await SessionServer.StartAsync();
        using var client = server.Client();
        client.SessionId = SessionId.New();

        Assert.Equal(HttpStatusCode.BadRequest, (await RawClient.ReadAsync(client.SendAsync(HttpMethod.Post, RawClient.Initialize()))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await RawClient.ReadAsync(client.SendAsync(HttpMethod.Post, RawClient.Call("add")))).Status);
    }

    [Fact]
    public async Task Refuses_the_stateless_revision_with_those_it_can_do()
    {
        await using var server = await SessionServer.StartAsync();
        using var client = server.Client();
        using var response = await client.SendAsync(HttpMethod.Post, RawClient.Initialize("2026-07-28"));
        var error = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["error"]!;

        Assert.Equal(-32022, (int)error["code"]!);
        Assert.False(response.Headers.Contains("Mcp-Session-Id"));
    }

    [Fact]
    public async Task Refuses_the_session_after_the_tenants_last_with_429_and_the_limits_name()
    {
        await using var server = await SessionServer.StartAsync(s => s.Configure<SessionOptions>(o => o.MaxSessionsPerTenant = 2));
        using var alice = await server.Client("acme/alice").OpenAsync();
        using var bob = await server.Client("acme/bob").OpenAsync();
        using var carol = server.Client("acme/carol");
        using var response = await carol.SendAsync(HttpMethod.Post, RawClient.Initialize());
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.False(response.Headers.Contains("Mcp-Session-Id"));
        Assert.Equal("MaxSessionsPerTenant", (string?)body["error"]!["data"]!["limit"]);
        Assert.Equal(2, (int)body["error"]!["data"]!["maximum"]!);
        Assert.Equal(0, (int)body["id"]!);

        // Nobody was evicted for it, another tenant has its own room, and a session that ends makes room.
        Assert.Equal("1", await alice.CallTextAsync("add"));
        using var other = await server.Client("globex/carol").OpenAsync();
        Assert.Equal(HttpStatusCode.NoContent, (await RawClient.ReadAsync(bob.SendAsync(HttpMethod.Delete))).Status);
        await carol.OpenAsync();
        Assert.Equal("1", await carol.CallTextAsync("add"));
    }

    [Fact]
    public async Task Refuses_a_client_that_says_too_much_of_itself_with_the_limit_and_the_size()
    {
        await using var server = await SessionServer.StartAsync();
        using var client = server.Client();
        using var response = await client.SendAsync(HttpMethod.Post, RawClient.Initialize().Replace("\"raw\"", $"\"{new string('x', 100_000)}\"", StringComparison.Ordinal));
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.False(response.Headers.Contains("Mcp-Session-Id"));
        Assert.Equal(-32602, (int)body["error"]!["code"]!);
        Assert.Equal(0, (int)body["id"]!);
        var data = body["error"]!["data"]!;
        Assert.Equal(("MaxClientBytes", 8192), ((string?)data["limit"], (int)data["maximum"]!));
        Assert.InRange((int)data["size"]!, 100_000, 101_000);
        Assert.Contains("8192", (string?)body["error"]!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_the_session_after_the_owners_last_with_429_and_the_limits_name()
    {
        await using var server = await SessionServer.StartAsync(s => s.Configure<SessionOptions>(o => o.MaxSessionsPerOwner = 2));
        using var first = await server.Client().OpenAsync();
        using var second = await server.Client().OpenAsync();
        using var third = server.Client();
        using var response = await third.SendAsync(HttpMethod.Post, RawClient.Initialize());
        var body = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Equal("MaxSessionsPerOwner", (string?)body["error"]!["data"]!["limit"]);
        Assert.Equal(0, (int)body["id"]!);
        Assert.Equal("1", await first.CallTextAsync("add"));

        using var other = await server.Client("acme/bob").OpenAsync();
        Assert.Equal("1", await other.CallTextAsync("add"));
    }
}
