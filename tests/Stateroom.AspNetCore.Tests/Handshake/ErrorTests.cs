using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Stateroom.AspNetCore.Tests.Support;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Tests.Handshake;

/// <summary>Each row of the error table that applies to one instance, on the wire.</summary>
public class ErrorTests
{
    [Fact]
    public async Task An_id_that_is_too_long_is_refused()
    {
        await using var server = await SessionServer.StartAsync();
        using var client = await server.Client().OpenAsync();
        var (status, _) = await RawClient.ReadAsync(client.SendAsync(HttpMethod.Post, $$"""{"jsonrpc":"2.0","id":"{{new string('i', 1025)}}","method":"ping"}"""));
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("0", await client.CallTextAsync("get"));
    }

    [Fact]
    public async Task No_credential_is_401_with_a_challenge_and_touches_nothing()
    {
        await using var server = await SessionServer.StartAsync();
        using var owner = await server.Client().OpenAsync();
        using var nobody = server.Client("");
        nobody.SessionId = owner.SessionId;

        using var response = await nobody.SendAsync(HttpMethod.Post, RawClient.Call("add"));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
        Assert.Equal("0", await owner.CallTextAsync("get"));
    }

    [Fact]
    public async Task Where_anonymous_callers_are_served_a_wrong_credential_is_401_all_the_same()
    {
        await using var server = await SessionServer.StartAsync(s => s.Configure<SessionEndpointOptions>(o => o.AllowAnonymous = true));
        using var nobody = await server.Client("").OpenAsync();
        Assert.Equal("anonymous/anonymous", await nobody.CallTextAsync("who"));
        using var wrong = server.Client("mistyped");
        Assert.Equal(HttpStatusCode.Unauthorized, (await RawClient.ReadAsync(wrong.SendAsync(HttpMethod.Post, RawClient.Initialize()))).Status);

        // An id is the key for those without a name; somebody of that name is somebody else.
        using var namesake = server.Client("anonymous/anonymous");
        namesake.SessionId = nobody.SessionId;
        Assert.Equal(HttpStatusCode.NotFound, (await RawClient.ReadAsync(namesake.SendAsync(HttpMethod.Post, RawClient.Call("get")))).Status);
    }

    [Fact]
    public async Task Unknown_ended_and_foreign_sessions_are_one_and_the_same_404()
    {
        await using var server = await SessionServer.StartAsync();
        using var owner = await server.Client("acme/alice").OpenAsync();
        using var ended = await server.Client("acme/alice").OpenAsync();
        Assert.Equal(HttpStatusCode.NoContent, (await RawClient.ReadAsync(ended.SendAsync(HttpMethod.Delete))).Status);

        var answers = new List<string>();
        foreach (var (token, id) in new[]
        {
            ("acme/alice", SessionId.New()), ("acme/alice", "no id at all"), ("acme/alice", new string('a', 5000)), ("acme/alice", ended.SessionId!),
            ("acme/bob", owner.SessionId!), ("globex/alice", owner.SessionId!),
        })
        {
            using var client = server.Client(token);
            client.SessionId = id;
            foreach (var method in new[] { HttpMethod.Post, HttpMethod.Get, HttpMethod.Delete })
            {
                using var response = await client.SendAsync(method, method == HttpMethod.Post ? RawClient.Call("add", id: "7") : null, lastEventId: method == HttpMethod.Get ? "g.0" : null);
                Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
                var headers = string.Join('\n', response.Headers.Concat(response.Content.Headers).Where(h => h.Key != "Date").Select(h => $"{h.Key}: {string.Join(',', h.Value)}").Order());
                answers.Add($"{method}\n{headers}\n{await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
            }
        }

        Assert.Equal(3, answers.Distinct().Count());
        Assert.Contains("-32001", answers[0], StringComparison.Ordinal);
        Assert.Contains("\"id\":7", answers[0], StringComparison.Ordinal);
        Assert.Equal("0", await owner.CallTextAsync("get"));
    }

    [Fact]
    public async Task A_missing_session_id_is_400_that_names_the_fix_and_echoes_the_id()
    {
        await using var server = await SessionServer.StartAsync();
        using var client = server.Client();
        foreach (var method in new[] { HttpMethod.Post, HttpMethod.Get, HttpMethod.Delete })
        {
            var (status, body) = await RawClient.ReadAsync(client.SendAsync(method, method == HttpMethod.Post ? RawClient.Call("add", id: "\"x\"") : null));
            Assert.Equal(HttpStatusCode.BadRequest, status);
            var error = JsonNode.Parse(body)!;
            Assert.Contains("Mcp-Session-Id", (string)error["error"]!["message"]!, StringComparison.Ordinal);
            Assert.Equal(method == HttpMethod.Post ? "x" : null, (string?)error["id"]);
        }
    }

    [Theory]
    [InlineData("{", -32700, null)]
    [InlineData("", -32700, null)]
    [InlineData("null", -32600, null)]
    [InlineData("7", -32600, null)]
    [InlineData("""{"jsonrpc":"2.0","id":5}""", -32600, "5")]
    [InlineData("""{"jsonrpc":"2.0","id":"i.5","result":null}""", -32600, "\"i.5\"")]
    [InlineData("""{"jsonrpc":"2.0","id":"i.5","error":null}""", -32600, "\"i.5\"")]
    [InlineData("""{"jsonrpc":"1.0","id":5,"method":"ping"}""", -32600, "5")]
    [InlineData("""{"id":"a","method":"ping"}""", -32600, "\"a\"")]
    [InlineData("""{"jsonrpc":"2.0","id":1.5,"method":"ping"}""", -32600, null)]
    [InlineData("""{"jsonrpc":"2.0","id":{},"method":"ping"}""", -32600, null)]
    [InlineData("""{"jsonrpc":"2.0","id":null,"method":"ping"}""", -32600, null)]
    [InlineData("""{"jsonrpc":"2.0","id":9,"method":7}""", -32600, "9")]
    [InlineData("""{"jsonrpc":2,"id":9,"method":"ping"}""", -32600, "9")]
    [InlineData("""{"jsonrpc":"2.0","id":9,"id":10,"method":"ping"}""", -32600, "10")]
    [InlineData("""{"jsonrpc":"2.0","id":9,"method":"ping","method":"tools/list"}""", -32600, "9")]
    [InlineData("""{"jsonrpc":"2.0","id":9,"method":"tools/list","params":{"a":1,"a":2}}""", -32600, "9")]
    [InlineData("""{"jsonrpc":"2.0","id":9,"method":"tools/list","params":{"_meta":{"a":1,"a":2}}}""", -32600, "9")]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1,"requestId":2}}""", -32600, null)]
    [InlineData("""{"jsonrpc":"2.0","id":9,"method":"initialize","params":{"protocolVersion":"2025-11-25","protocolVersion":"2025-06-18"}}""", -32600, "9")]
    public async Task What_is_not_JSON_RPC_is_400_with_the_id_if_there_is_one(string sent, int code, string? id)
    {
        await using var server = await SessionServer.StartAsync();
        using var client = await server.Client().OpenAsync();
        var (status, body) = await RawClient.ReadAsync(client.SendAsync(HttpMethod.Post, sent));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        var error = JsonNode.Parse(body)!;
        Assert.Equal(code, (int)error["error"]!["code"]!);
        Assert.Equal(id ?? "null", error["id"]?.ToJsonString() ?? "null");
    }

    [Theory]
    [InlineData(null, "2026-07-28")]
    [InlineData("2025-11-25", "2026-07-28")]
    [InlineData("2025-11-25", "junk")]
    [InlineData("2025-11-25", "")]
    public async Task A_body_of_the_other_era_is_400_before_it_reaches_anything(string? header, string declared)
    {
        await using var server = await SessionServer.StartAsync();
        using var client = await server.Client().OpenAsync();
        foreach (var body in new[] { RawClient.Call("add", id: "8", meta: Declaring(declared)), RawClient.Initialize().Replace("\"params\":{", $"\"params\":{{\"_meta\":{Declaring(declared)},", StringComparison.Ordinal) })
        {
            using var response = await client.SendAsync(HttpMethod.Post, body, configure: r =>
            {
                r.Headers.Remove("MCP-Protocol-Version");
                if (header is not null)
                {
                    r.Headers.Add("MCP-Protocol-Version", header);
                }
            });
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            Assert.Contains("-32020", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        Assert.Equal("0", await client.CallTextAsync("get"));

        static string Declaring(string version) => $$"""{"io.modelcontextprotocol/clientCapabilities":{},"io.modelcontextprotocol/protocolVersion":"{{version}}"}""";
    }

    [Fact]
    public async Task Broken_UTF_8_and_endless_nesting_are_400()
    {
        await using var server = await SessionServer.StartAsync();
        using var client = await server.Client().OpenAsync();
        byte[] broken = [.. "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\""u8, 0xFF, 0xC0, .. "\"}"u8];
        Assert.Equal(HttpStatusCode.BadRequest, (await RawClient.ReadAsync(client.SendAsync(HttpMethod.Post, broken))).Status);

        var nested = $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{{new string('[', 5000)}}}""";
        Assert.Equal(HttpStatusCode.BadRequest, (await RawClient.ReadAsync(client.SendAsync(HttpMethod.Post, nested))).Status);
    }

    [Theory]
    [InlineData("Origin", "http://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "file://localhost", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "http://localhost:5173", HttpStatusCode.OK)]
    [InlineData("Origin", "https://app.example", HttpStatusCode.OK)]
    [InlineData("Host", "evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Host", "localhost", HttpStatusCode.OK)]
    [InlineData("Host", "mcp.example", HttpStatusCode.OK)]
    public async Task Only_invited_origins_and_hosts_come_in(string header, string value, HttpStatusCode expected)
    {
        await using var server = await SessionServer.StartAsync(s => s.Configure<SessionEndpointOptions>(o =>
        {
            o.AllowedOrigins.Add("https://app.example");
            o.AllowedHosts.Add("mcp.example");
        }));
        using var client = server.Client();
        var (status, _) = await RawClient.ReadAsync(client.SendAsync(HttpMethod.Post, RawClient.Initialize(), configure: r => r.Headers.TryAddWithoutValidation(header, value)));
        Assert.Equal(expected, status);
    }

    [Fact]
    public async Task Another_content_type_is_415()
    {
        await using var server = await SessionServer.StartAsync();
        using var client = server.Client();
        var (status, _) = await RawClient.ReadAsync(client.SendAsync(HttpMethod.Post, RawClient.Initialize(), configure: r => r.Content!.Headers.ContentType = new("text/plain")));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, status);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    public async Task The_stateless_era_has_no_GET_and_no_DELETE(string method)
    {
        await using var server = await SessionServer.StartAsync();
        using var client = await server.Client().OpenAsync();
        using var response = await client.SendAsync(new HttpMethod(method), (byte[]?)null, configure: r =>
        {
            r.Headers.Remove("MCP-Protocol-Version");
            r.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        });
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["POST"], response.Content.Headers.Allow);
        Assert.Equal("1", await client.CallTextAsync("add"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_over_the_limit_is_413_whether_announced_or_not(bool announced)
    {
        await using var server = await SessionServer.StartAsync(s => s.Configure<SessionEndpointOptions>(o => o.MaxBodyBytes = 4096));
        using var client = await server.Client().OpenAsync();
        var (status, _) = await RawClient.ReadAsync(client.SendAsync(HttpMethod.Post, RawClient.Call("add", $$"""{"x":"{{new string('x', 5000)}}"}"""), configure: r =>
        {
            if (!announced)
            {
                r.Headers.TransferEncodingChunked = true;
            }
        }));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        Assert.Equal("1", await client.CallTextAsync("add"));
    }

    [Fact]
    public async Task State_over_the_limit_is_a_tool_error_with_size_and_limit_and_the_old_state_stands()
    {
        await using var server = await SessionServer.StartAsync(s => s.Configure<SessionOptions>(o => o.MaxStateBytes = 2048));
        using var client = await server.Client().OpenAsync();
        Assert.Equal("filled", await client.CallTextAsync("fill", """{"size":100}"""));

        var answer = await client.CallAsync("fill", """{"size":5000}""");
        Assert.True((bool)answer["result"]!["isError"]!);
        Assert.Contains("2048", RawClient.TextOf(answer), StringComparison.Ordinal);
        Assert.Equal("100", await client.CallTextAsync("length"));
    }

    [Fact]
    public async Task An_unreachable_store_is_503_and_nothing_is_served_from_anywhere_else()
    {
        await using var server = await SessionServer.StartAsync(s => s.AddSingleton<ISessionStore, UnreachableStore>());
        using var client = server.Client();
        client.SessionId = SessionId.New();
        foreach (var method in new[] { HttpMethod.Post, HttpMethod.Get, HttpMethod.Delete })
        {
            using var response = await client.SendAsync(method, method == HttpMethod.Post ? RawClient.Call("add") : null);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.NotNull(response.Headers.RetryAfter);
        }
    }

    [Fact]
    public async Task A_tools_own_exception_tells_the_client_no_details()
    {
        await using var server = await SessionServer.StartAsync();
        using var client = await server.Client().OpenAsync();
        var answer = await client.CallAsync("fail");
        Assert.True((bool)answer["result"]!["isError"]!);
        Assert.DoesNotContain("nobody's business", answer.ToJsonString(), StringComparison.Ordinal);
    }

    private sealed class UnreachableStore : ISessionStore
    {
        public ValueTask<SessionCreation> CreateAsync(NewSession session, CancellationToken cancellationToken) => throw new SessionStoreUnavailableException();

        public ValueTask<SessionRecord?> TouchAsync(SessionClaim claim, CancellationToken cancellationToken) => throw new SessionStoreUnavailableException();

        public ValueTask<StateWriteResult> WriteStateAsync(SessionClaim claim, StateWrite write, CancellationToken cancellationToken) => throw new SessionStoreUnavailableException();

        public ValueTask<bool> EndAsync(SessionClaim claim, CancellationToken cancellationToken) => throw new SessionStoreUnavailableException();

        public ValueTask<IReadOnlyList<SessionRecord>> ListAsync(Caller caller, SessionEra era, CancellationToken cancellationToken) => throw new SessionStoreUnavailableException();
    }
}
