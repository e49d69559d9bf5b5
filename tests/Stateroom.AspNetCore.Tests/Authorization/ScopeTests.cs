using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Stateroom.AspNetCore.Authorization;
using Stateroom.AspNetCore.Tests.Authentication;

namespace Stateroom.AspNetCore.Tests.Authorization;

public sealed class ScopeTests
{
    private const string Metadata = "resource_metadata=\"https://mcp.example/.well-known/oauth-protected-resource/mcp\"";

    public static TheoryData<string, string, string, bool> Scoped()
    {
        (string Method, string Parameters, string Scope)[] things =
        [
            ("tools/call", """{"name":"write_tool","arguments":{}}""", "weather:write"),
            ("tools/call", """{"name":"twice_tool","arguments":{}}""", "weather:write weather:read weather:more"),
            ("tools/call", """{"name":"ruled_tool","arguments":{}}""", "rule:one rule:two"),
            ("tools/call", """{"name":"by_handler","arguments":{}}""", "handler:call"),
            ("prompts/get", """{"name":"write_prompt"}""", "weather:write"),
            ("resources/read", """{"uri":"write://x"}""", "weather:write"),
            ("resources/read", """{"uri":"handler://open"}""", "handler:read"),
            ("completion/complete", """{"ref":{"type":"ref/resource","uri":"write://{which}"},"argument":{"name":"which","value":""}}""", "weather:write"),
        ];
        var data = new TheoryData<string, string, string, bool>();
        foreach (var (method, parameters, scope) in things)
        {
            data.Add(method, parameters, scope, false);
            data.Add(method, parameters, scope, true);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Scoped))]
    public async Task Without_the_scope_the_answer_says_which_and_nothing_runs(string method, string parameters, string scope, bool stateless)
    {
        await using var server = await StartAsync();
        foreach (var token in (string[])[server.Token(), server.Token(changes: new() { ["scope"] = "weather:writer other" }), "no-scopes-key"])
        {
            using var poor = new Talk(server, token, stateless);
            var (status, body, challenge) = await poor.AskAsync(method, JsonNode.Parse(parameters)!.AsObject());
            Assert.Equal(HttpStatusCode.Forbidden, status);
            Assert.Equal($"Bearer error=\"insufficient_scope\", scope=\"{scope}\", {Metadata}", challenge);
            Assert.Equal(1, (int?)JsonNode.Parse(body)!["id"]);
        }

        foreach (var token in (string[])[server.Token(changes: new() { ["scope"] = $"other {scope}" }), server.Token(changes: new() { ["scope"] = new JsonArray([.. scope.Split(' ').Select(s => (JsonNode)s)]) }), "acme-key"])
        {
            using var rich = new Talk(server, token, stateless);
            Assert.Equal(HttpStatusCode.OK, (await rich.AskAsync(method, JsonNode.Parse(parameters)!.AsObject())).Status);
        }
    }

    [Fact]
    public async Task The_body_decides_however_it_writes_the_name_and_no_header()
    {
        await using var server = await StartAsync();
        using var poor = new Talk(server, server.Token(), stateless: false);
        foreach (var parameters in (string[])["""{"NAME":"write_tool","arguments":{}}""", """{"name":"write_\u0074ool","arguments":{}}"""])
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await poor.AskAsync("tools/call", JsonNode.Parse(parameters)!.AsObject())).Status);
        }

        using var lying = await server.StatelessAsync(
            server.Token(), "tools/call", new() { ["name"] = "write_tool", ["arguments"] = new JsonObject() }, request =>
            {
                request.Headers.Remove("Mcp-Name");
                request.Headers.Add("Mcp-Name", "open_tool");
            });
        Assert.Equal(HttpStatusCode.Forbidden, lying.StatusCode);

        using var other = await server.StatelessAsync(
            server.Token(), "tools/call", new() { ["name"] = "open_tool", ["arguments"] = new JsonObject() }, request =>
            {
                request.Headers.Remove("Mcp-Name");
                request.Headers.Add("Mcp-Name", "write_tool");
            });
        Assert.Equal(HttpStatusCode.BadRequest, other.StatusCode);
    }

    [Fact]
    public async Task One_message_of_a_batch_that_lacks_a_scope_stops_all_of_it()
    {
        await using var server = await StartAsync();
        using var client = new RawClient(server.Url, server.Token()) { Version = "2025-03-26" };
        await client.OpenAsync();
        using var response = await client.SendAsync(HttpMethod.Post, $"[{RawClient.Call("add")},{RawClient.Call("write_tool", id: "2")},{RawClient.Call("ruled_tool", id: "3")}]");
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Contains("scope=\"weather:write rule:one rule:two\"", ResourceServer.ChallengeOf(response), StringComparison.Ordinal);
        Assert.Equal("0", await client.CallTextAsync("get"));
    }

    [Fact]
    public async Task A_tool_that_asks_for_a_scope_is_listed_and_the_metadata_names_the_scope()
    {
        await using var server = await StartAsync();
        using var poor = new Talk(server, server.Token(), stateless: true);
        var listed = await poor.NamesAsync("tools/list", "tools", "name");
        Assert.Contains("write_tool", listed);
        Assert.DoesNotContain("hidden_tool", listed);

        using var http = new HttpClient();
        var text = await http.GetStringAsync(new Uri(server.Url, "/.well-known/oauth-protected-resource/mcp"), TestContext.Current.CancellationToken);
        Assert.Equal(
            ["handler:call", "handler:read", "rule:one", "rule:two", "weather:more", "weather:read", "weather:write"],
            JsonNode.Parse(text)!["scopes_supported"]!.AsArray().Select(s => (string)s!));
    }

    [Fact]
    public async Task Stateroom_s_own_scopes_are_never_implied()
    {
        await using var server = await ResourceServer.StartAsync(mcp: mcp => mcp.WithTools([ModelContextProtocol.Server.McpServerTool.Create(
            () => "administered", new() { Name = "administer", Metadata = [new RequiresScopeAttribute(StateroomScopes.Admin)] })]),
            keys: options => options.Keys.Add(new() { Key = "admin-key", Tenant = "acme", Owner = "root", Scopes = [StateroomScopes.Admin] }));
        using var everything = new Talk(server, "acme-key", stateless: true);
        Assert.Equal(HttpStatusCode.Forbidden, (await everything.CallAsync("administer")).Status);
        using var admin = new Talk(server, "admin-key", stateless: true);
        Assert.Contains("administered", (await admin.CallAsync("administer")).Body, StringComparison.Ordinal);

        // The issuer of one tenant cannot grant what is good for all; one that may, can.
        foreach (var scope in (JsonNode[])["stateroom:admin", "other stateroom:admin", new JsonArray("stateroom:admin")])
        {
            using var own = new Talk(server, server.Token(changes: new() { ["scope"] = scope.DeepClone() }), stateless: true);
            Assert.Equal(HttpStatusCode.Forbidden, (await own.CallAsync("administer")).Status);
            using var trusted = new Talk(server, server.SharedToken("acme", changes: new() { ["scp"] = scope.DeepClone() }), stateless: true);
            Assert.Contains("administered", (await trusted.CallAsync("administer")).Body, StringComparison.Ordinal);
        }
    }

    private static Task<ResourceServer> StartAsync() => ResourceServer.StartAsync(
        builder => builder.Services.Configure<ScopeOptions>(options =>
        {
            options.Scopes.Add(new() { Tool = "ruled_tool", Scope = "rule:one" });
            options.Scopes.Add(new() { Tool = "ruled_tool", Scope = "rule:two" });
            options.Scopes.Add(new() { Tool = "by_handler", Scope = "handler:call" });
            options.Scopes.Add(new() { Resource = "handler://open", Scope = "handler:read" });
        }),
        mcp => mcp.WithOfferings().WithHandlers(),
        options => options.Keys.Add(new() { Key = "no-scopes-key", Tenant = "acme", Owner = "poor", Scopes = [] }));
}
