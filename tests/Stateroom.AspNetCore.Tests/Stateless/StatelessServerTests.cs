using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Stateless;
using Stateroom.AspNetCore.Tests.Support;

namespace Stateroom.AspNetCore.Tests.Stateless;

/// <summary>Plain calls of tools that a server of the SDK is to run, here since somebody follows its log, are served by server objects that are up already, one at a time.</summary>
public sealed class StatelessServerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Callers_share_a_server_and_nothing_else()
    {
        await using var server = await StartAsync();
        using var alice = server.Client("acme/alice");
        using var other = server.Client("globex/alice");
        var served = await AloneAsync(TextAsync(alice, "server"));
        Assert.Equal(served, await AloneAsync(TextAsync(other, "server")));

        var handle = await AloneAsync(HandleAsync(alice));
        Assert.NotEqual(handle, await AloneAsync(HandleAsync(other)));
        Assert.Equal("2", await AloneAsync(TextAsync(alice, "add", new() { ["session"] = handle })));
        Assert.Equal("acme/alice", await AloneAsync(TextAsync(alice, "who")));
        Assert.Equal("globex/alice", await AloneAsync(TextAsync(other, "who")));
        Assert.Equal(served, await TextAsync(alice, "server"));

        // A server is back only when its request is over, which is after the client has the answer.
        async Task<string> AloneAsync(Task<string> calling)
        {
            var text = await calling;
            await server.QuietAsync();
            return text;
        }
    }

    [Fact]
    public async Task Calls_at_the_same_time_have_servers_of_their_own()
    {
        await using var server = await StartAsync();
        using var client = server.Client();
        var waiting = TextAsync(client, "server_at_gate", new() { ["gate"] = "g" });
        await server.Gates.ReachedAsync("g");
        var other = await TextAsync(client, "server");
        server.Gates.Open("g");
        Assert.NotEqual(other, await waiting);
    }

    [Fact]
    public async Task A_client_that_leaves_ends_its_call_and_the_server_with_it()
    {
        await using var server = await StartAsync();
        using var client = server.Client();
        var before = await TextAsync(client, "server");
        using (var leaving = server.Client())
        {
            var call = leaving.SendStatelessAsync("tools/call", new() { ["name"] = "server_at_gate", ["arguments"] = new JsonObject { ["gate"] = "never" } });
            await server.Gates.ReachedAsync("never");
            using var begun = await call;
        }

        await server.Gates.ReachedAsync("never was cancelled");
        Assert.NotEqual(before, await TextAsync(client, "server"));
    }

    [Fact]
    public async Task What_a_handler_says_after_its_answer_reaches_nobody()
    {
        await using var server = await StartAsync();
        using var one = server.Client("acme/alice");
        using var two = server.Client("globex/alice");
        var served = await TextAsync(one, "nag", new() { ["gate"] = "late" });
        await server.QuietAsync();
        using var response = await two.SendStatelessAsync(
            "tools/call", new() { ["name"] = "server_at_gate", ["arguments"] = new JsonObject { ["gate"] = "open" }, ["_meta"] = new JsonObject { ["progressToken"] = "t" } });
        var stream = new SseReader(response);
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
        using var client = server.Client();
        Assert.Equal("", await TextAsync(client, "mark", new() { ["value"] = "first" }));
        Assert.Equal("", await TextAsync(client, "mark", new() { ["value"] = "again" }));
    }

    [Fact]
    public async Task A_client_that_does_not_say_who_it_is_is_not_taken_for_the_one_before()
    {
        await using var server = await StartAsync();
        using var one = server.Client("acme/alice");
        using var two = server.Client("globex/alice");
        Assert.Equal("raw, nobody", await TextAsync(one, "client"));
        using var response = await two.SendStatelessAsync("tools/call", new() { ["name"] = "client", ["arguments"] = new JsonObject() }, configure: request =>
        {
            var body = JsonNode.Parse(request.Content!.ReadAsStream(Cancellation))!;
            Assert.True(body["params"]!["_meta"]!.AsObject().Remove("io.modelcontextprotocol/clientInfo"));
            request.Content = new StringContent(body.ToJsonString(), null, "application/json");
        });
        Assert.Equal("nobody, nobody", RawClient.TextOf(await RawClient.ReadResponseAsync(response)));
    }

    [Fact]
    public async Task Services_are_those_of_the_http_request()
    {
        await using var server = await StartAsync(services => services.AddScoped<Scoped>().AddKeyedScoped<ScopedByKey>("key"));
        using var client = server.Client();
        Assert.Equal("True True True", await TextAsync(client, "scope"));
        Assert.Equal("True True True", await TextAsync(client, "scope"));
    }

    /// <summary>With it the web server makes a context for each request of either era instead of using its connection's again.</summary>
    [Fact]
    public async Task The_accessor_of_ASP_NET_Core_is_left_to_the_host()
    {
        await using var server = await StartAsync();
        Assert.Null(server.Services.GetService<Microsoft.AspNetCore.Http.IHttpContextAccessor>());
    }

    [Fact]
    public async Task Who_asks_for_services_when_its_request_is_over_is_given_none()
    {
        await using var server = await StartAsync(services => services.AddScoped<Scoped>());
        using var client = server.Client();
        await TextAsync(client, "late_services", new() { ["gate"] = "late" });
        await TextAsync(client, "server");
        server.Gates.Open("late");
        await server.Gates.ReachedAsync("asked");
    }

    [Fact]
    public async Task A_host_with_filters_of_messages_is_given_a_server_for_each()
    {
        await using var server = await StartAsync(services => services.Configure<McpServerOptions>(options => options.Filters.Message.IncomingFilters.Add(next => next)));
        using var client = server.Client();
        Assert.NotEqual(await TextAsync(client, "server"), await TextAsync(client, "server"));
    }

    [Fact]
    public async Task An_answer_that_comes_alone_is_sent_whole()
    {
        await using var server = await StartAsync();
        using var client = server.Client();
        using var response = await client.SendStatelessAsync("tools/call", new() { ["name"] = "server", ["arguments"] = new JsonObject() });
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(Assert.Single(response.Content.Headers.GetValues("Content-Length")), $"{(await response.Content.ReadAsByteArrayAsync(Cancellation)).Length}");
    }

    [Fact]
    public async Task A_call_that_takes_its_time_has_its_headers_sent()
    {
        await using var server = await StartAsync();
        using var client = server.Client();
        using var response = await client.SendStatelessAsync("tools/call", new() { ["name"] = "wait", ["arguments"] = new JsonObject { ["gate"] = "g" } });
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        server.Gates.Open("g");
        Assert.Equal("100", RawClient.TextOf(await RawClient.ReadResponseAsync(response)));
    }

    [Theory]
    [InlineData(McpErrorCode.MethodNotFound, HttpStatusCode.NotFound)]
    [InlineData(McpErrorCode.MissingRequiredClientCapability, HttpStatusCode.BadRequest)]
    [InlineData(McpErrorCode.UnsupportedProtocolVersion, HttpStatusCode.BadRequest)]
    [InlineData(McpErrorCode.HeaderMismatch, HttpStatusCode.BadRequest)]
    [InlineData(McpErrorCode.InvalidParams, HttpStatusCode.OK)]
    public async Task Errors_have_the_status_that_the_sdk_gives_them(McpErrorCode code, HttpStatusCode status)
    {
        await using var server = await StartAsync();
        using var client = server.Client();
        foreach (var odd in (bool[])[false, true])
        {
            using var response = await client.SendStatelessAsync(
                "tools/call",
                new() { ["name"] = "refuse", ["arguments"] = new JsonObject { ["code"] = (int)code } },
                configure: request =>
                {
                    if (odd)
                    {
                        request.Headers.Accept.Clear();
                        request.Headers.Accept.ParseAdd("*/*");
                    }
                });
            Assert.Equal(status, response.StatusCode);
            Assert.Equal((int)code, (int?)(await RawClient.ReadResponseAsync(response))["error"]!["code"]);
        }
    }

    [Theory]
    [InlineData("Accept", "*/*")]
    [InlineData("Mcp-Name", "=?base64?c2VydmVy?=")]
    public async Task What_is_written_in_another_way_is_judged_and_served_by_the_endpoint_of_the_sdk(string header, string value)
    {
        await using var server = await StartAsync();
        using var client = server.Client();
        Assert.NotEqual(await SendAsync(), await SendAsync());

        async Task<string> SendAsync()
        {
            using var response = await client.SendStatelessAsync("tools/call", new() { ["name"] = "server", ["arguments"] = new JsonObject() }, configure: request =>
            {
                request.Headers.Remove(header);
                request.Headers.TryAddWithoutValidation(header, value);
            });
            return RawClient.TextOf(await RawClient.ReadResponseAsync(response));
        }
    }

    [Theory]
    [InlineData("Accept", "application/json", HttpStatusCode.NotAcceptable)]
    [InlineData("Mcp-Method", "tools/list", HttpStatusCode.BadRequest)]
    [InlineData("Mcp-Method", null, HttpStatusCode.BadRequest)]
    [InlineData("Mcp-Name", "add", HttpStatusCode.BadRequest)]
    [InlineData("Mcp-Name", null, HttpStatusCode.BadRequest)]
    [InlineData("MCP-Protocol-Version", "2099-01-01", HttpStatusCode.BadRequest)]
    public async Task What_differs_from_its_body_is_refused_whatever_is_up(string header, string? value, HttpStatusCode status)
    {
        await using var server = await StartAsync();
        using var client = server.Client();
        await TextAsync(client, "server");
        using var response = await client.SendStatelessAsync("tools/call", new() { ["name"] = "server", ["arguments"] = new JsonObject() }, configure: request =>
        {
            request.Headers.Remove(header);
            if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(header, value);
            }
        });
        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task A_tool_with_headers_of_its_own_has_them_checked()
    {
        await using var server = await StartAsync();
        using var client = server.Client();
        foreach (var (region, status) in ((string?, HttpStatusCode)[])[("north", HttpStatusCode.OK), ("south", HttpStatusCode.BadRequest), (null, HttpStatusCode.BadRequest)])
        {
            using var response = await client.SendStatelessAsync(
                "tools/call",
                new() { ["name"] = "regional", ["arguments"] = new JsonObject { ["region"] = "north" } },
                configure: request =>
                {
                    if (region is not null)
                    {
                        request.Headers.Add("Mcp-Param-Region", region);
                    }
                });
            Assert.Equal(status, response.StatusCode);
        }
    }

    [Fact]
    public async Task A_host_that_changes_the_options_of_requests_is_given_a_server_for_each()
    {
        await using var server = await StartAsync(services => services.Configure<HttpServerTransportOptions>(transport => transport.ConfigureSessionOptions = (_, _, _) => Task.CompletedTask));
        using var client = server.Client();
        Assert.NotEqual(await TextAsync(client, "server"), await TextAsync(client, "server"));
    }

    private static Task<SessionServer> StartAsync(Action<IServiceCollection>? configure = null) => SessionServer.StartAsync(
        services =>
        {
            services.AddLogging(LogLines.FollowSdk);
            configure?.Invoke(services);
        },
        mcp => mcp.WithTools<ServerTools>().WithTools<StatelessTools>());

    private static async Task<string> TextAsync(RawClient client, string tool, JsonObject? arguments = null) =>
        (string?)(await client.CallToolAsync(tool, arguments ?? []))["content"]![0]!["text"] ?? "";

    private static async Task<string> HandleAsync(RawClient client) => (string)(await client.CallToolAsync("add", []))["_meta"]!["stateroom/session"]!;

    private sealed class Scoped;

    private sealed class ScopedByKey;

    private sealed class StatelessTools(Gates gates)
    {
        /// <summary>Answers at once and goes on talking when a gate opens.</summary>
        [McpServerTool(Name = "nag")]
        public string Nag(string gate, McpServer server)
        {
            _ = Task.Run(async () =>
            {
                await gates.WaitAsync(gate, CancellationToken.None);
                await Assert.ThrowsAnyAsync<Exception>(async () => await server.SendNotificationAsync("notifications/nagging", CancellationToken.None));
                await gates.WaitAsync("nagged", CancellationToken.None);
            });
            return ServerTools.NameOf(server);
        }

        /// <summary>What the request says of its client, and what the server object itself knows.</summary>
        [McpServerTool(Name = "client")]
        public static string Client(McpServer server, RequestAccessor http) =>
            $"{server.ClientInfo?.Name ?? "nobody"}, {http.HttpContext!.Features.Get<McpServer>()?.ClientInfo?.Name ?? "nobody"}";

        /// <summary>Asks for services when its request is over.</summary>
        [McpServerTool(Name = "late_services")]
        public string LateServices(string gate, McpServer server)
        {
            _ = Task.Run(async () =>
            {
                await gates.WaitAsync(gate, CancellationToken.None);
                Assert.Throws<ObjectDisposedException>(() => server.Services!.GetService(typeof(Scoped)));
                await gates.WaitAsync("asked", CancellationToken.None);
            });
            return "";
        }

        [McpServerTool(Name = "scope")]
        public static string Scope(Scoped injected, [FromKeyedServices("key")] ScopedByKey keyed, RequestContext<CallToolRequestParams> request, RequestAccessor http)
        {
            var services = http.HttpContext!.RequestServices;
            return $"{injected == services.GetRequiredService<Scoped>()} {keyed == services.GetRequiredKeyedService<ScopedByKey>("key")} {request.Services!.GetRequiredService<Scoped>() == injected}";
        }

        [McpServerTool(Name = "refuse")]
        public static string Refuse(int code) => throw new McpProtocolException("refused", (McpErrorCode)code);

        [McpServerTool(Name = "regional")]
        public static string Regional([McpHeader("Region")] string region) => region;
    }
}
