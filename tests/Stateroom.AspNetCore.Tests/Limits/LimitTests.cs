using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Stateroom.AspNetCore.Limits;
using Stateroom.AspNetCore.Tests.Support;
using Stateroom.Limits;
using Stateroom.Sessions;
using Stateroom.Tenancy;
using SessionOptions = Stateroom.Sessions.SessionOptions;

namespace Stateroom.AspNetCore.Tests.Limits;

/// <summary>What a client sees of the limits of its tenant and owner.</summary>
public sealed class LimitTests
{
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_sends_too_much_is_refused_without_effect_until_its_tokens_come_back()
    {
        await using var server = await StartAsync(limits => (limits.RequestRatePerOwner, limits.RequestBurstPerOwner) = (1, 4));
        using var alice = await server.Client().OpenAsync();
        Assert.Equal("1", await alice.CallTextAsync("add"));
        Assert.Equal("2", await alice.CallTextAsync("add"));

        await RefusedAsync(alice.SendAsync(HttpMethod.Post, RawClient.Call("add", id: "7")), "7", nameof(LimitOptions.RequestRatePerOwner), 1);
        await RefusedAsync(alice.SendAsync(HttpMethod.Post, RawClient.Call("add", id: "\"seven\"")), "\"seven\"", nameof(LimitOptions.RequestRatePerOwner), 1);

        // A new session begins nothing anew, and another way to ask is none.
        using var again = server.Client();
        await RefusedAsync(again.SendAsync(HttpMethod.Post, RawClient.Initialize()), "0", nameof(LimitOptions.RequestRatePerOwner), 1);
        await RefusedAsync(alice.SendAsync(HttpMethod.Get), null, nameof(LimitOptions.RequestRatePerOwner), 1);
        await RefusedAsync(alice.SendAsync(HttpMethod.Delete), null, nameof(LimitOptions.RequestRatePerOwner), 1);
        await RefusedAsync(StatelessAsync(again, "tools/call", "add", "\"other era\""), "\"other era\"", nameof(LimitOptions.RequestRatePerOwner), 1);

        // Nobody else notices.
        using var bob = await server.Client("acme/bob").OpenAsync();
        using var globex = await server.Client("globex/alice").OpenAsync();
        Assert.Equal("1", await bob.CallTextAsync("add"));

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("2", await alice.CallTextAsync("get"));
        Assert.Equal(6, server.Services.GetRequiredService<RefusalTally>().CountOf(nameof(LimitOptions.RequestRatePerOwner)));
    }

    [Fact]
    public async Task A_tenants_rate_is_refused_to_all_its_owners_in_the_stateless_era_too()
    {
        await using var server = await StartAsync(limits => (limits.RequestRatePerTenant, limits.RequestBurstPerTenant) = (5, 2));
        using var alice = server.Client();
        using var bob = server.Client("acme/bob");
        using var globex = server.Client("globex/alice");
        using (var served = await StatelessAsync(alice, "tools/list"))
        {
            Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        }

        using (var served = await StatelessAsync(bob, "tools/list"))
        {
            Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        }

        await RefusedAsync(StatelessAsync(bob, "tools/list", id: "3"), "3", nameof(LimitOptions.RequestRatePerTenant), 5);
        using (var served = await StatelessAsync(globex, "tools/list"))
        {
            Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        }
    }

    [Fact]
    public async Task What_cannot_be_served_counts_and_is_refused_all_the_same()
    {
        await using var server = await StartAsync(limits => (limits.RequestRatePerOwner, limits.RequestBurstPerOwner) = (1, 3));
        using var client = server.Client();
        using (var text = await client.SendAsync(HttpMethod.Post, "{}", configure: r => r.Content!.Headers.ContentType = new("text/plain")))
        {
            Assert.Equal(HttpStatusCode.UnsupportedMediaType, text.StatusCode);
        }

        var large = $"\"{new string('x', 5 * 1024 * 1024)}\"";
        var (status, body) = await RawClient.ReadAsync(client.SendAsync(HttpMethod.Post, large));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        Assert.Equal(("MaxBodyBytes", 4194304L), ((string?)JsonNode.Parse(body)!["error"]!["data"]!["limit"], (long?)JsonNode.Parse(body)!["error"]!["data"]!["maximum"]));
        using (var broken = await client.SendAsync(HttpMethod.Post, "{"))
        {
            Assert.Equal(HttpStatusCode.BadRequest, broken.StatusCode);
        }

        const string Limit = nameof(LimitOptions.RequestRatePerOwner);
        await RefusedAsync(client.SendAsync(HttpMethod.Post, "{}", configure: r => r.Content!.Headers.ContentType = new("text/plain")), null, Limit, 1);
        await RefusedAsync(client.SendAsync(HttpMethod.Post, large), null, Limit, 1);
        await RefusedAsync(client.SendAsync(HttpMethod.Post, "{"), null, Limit, 1);
        await RefusedAsync(client.SendAsync(HttpMethod.Post, """{"id":5}"""), "5", Limit, 1);
    }

    [Fact]
    public async Task Each_message_of_a_batch_counts()
    {
        await using var server = await StartAsync(limits =>
        {
            (limits.RequestRatePerOwner, limits.RequestBurstPerOwner) = (1, 6);
            limits.MaxCallsPerOwner = 2;
        });
        using var client = await new RawClient(server.Url, "acme/alice") { Version = "2025-03-26" }.OpenAsync();
        var (add, notification) = (RawClient.Call("add"), """{"jsonrpc":"2.0","method":"notifications/x"}""");

        using (var served = await client.SendAsync(HttpMethod.Post, $"[{add},{add},{notification}]"))
        {
            Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        }

        await RefusedAsync(client.SendAsync(HttpMethod.Post, $"[{add},{add}]"), null, nameof(LimitOptions.RequestRatePerOwner), 1);
        _time.Advance(TimeSpan.FromSeconds(6));
        await RefusedAsync(client.SendAsync(HttpMethod.Post, $"[{add},{add},{add}]"), null, nameof(LimitOptions.MaxCallsPerOwner), 2);
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal("2", await client.CallTextAsync("get"));
    }

    [Fact]
    public async Task At_its_calls_a_client_may_still_answer_cancel_and_end()
    {
        await using var server = await StartAsync(limits => limits.MaxCallsPerOwner = 2);
        using var client = await server.Client().OpenAsync();
        using var asking = await client.StreamAsync(HttpMethod.Post, RawClient.Call("ask", """{"question":"Who?"}"""));
        var question = (await asking.ReadMessageAsync(Cancellation)).Json;
        var waiting = RawClient.ReadAsync(client.SendAsync(HttpMethod.Post, RawClient.Call("wait", """{"gate":"g"}""", "2")));
        await server.Gates.ReachedAsync("g");

        await RefusedAsync(client.SendAsync(HttpMethod.Post, RawClient.Call("get", id: "3")), "3", nameof(LimitOptions.MaxCallsPerOwner), 2);
        await RefusedAsync(client.SendAsync(HttpMethod.Post, """{"jsonrpc":"2.0","id":4,"method":"ping"}"""), "4", nameof(LimitOptions.MaxCallsPerOwner), 2);
        await RefusedAsync(StatelessAsync(server.Client(), "tools/list", id: "5"), "5", nameof(LimitOptions.MaxCallsPerOwner), 2);
        using var bob = await server.Client("acme/bob").OpenAsync();
        Assert.Equal("0", await bob.CallTextAsync("get"));

        using var answered = await client.SendAsync(
            HttpMethod.Post, $$$"""{"jsonrpc":"2.0","id":{{{question["id"]!.ToJsonString()}}},"result":{"action":"decline"}}""");
        Assert.Equal(HttpStatusCode.Accepted, answered.StatusCode);
        Assert.Contains("decline", (await asking.ReadMessageAsync(Cancellation)).Json.ToJsonString(), StringComparison.Ordinal);
        using var cancelled = await client.SendAsync(HttpMethod.Post, """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2}}""");
        Assert.Equal(HttpStatusCode.Accepted, cancelled.StatusCode);
        await waiting;

        // Each answer makes room before its client has it: one call after the other always finds some.
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal("0", await client.CallTextAsync("get"));
            using var listed = await StatelessAsync(client, "tools/list");
            Assert.Equal(HttpStatusCode.OK, listed.StatusCode);
            await listed.Content.ReadAsStringAsync(Cancellation);
        }
    }

    [Fact]
    public async Task A_long_body_is_not_read_while_its_caller_has_no_call_left()
    {
        await using var server = await StartAsync(limits => limits.MaxCallsPerOwner = 1);
        using var alice = await server.Client().OpenAsync();
        var running = alice.SendAsync(HttpMethod.Post, RawClient.Call("wait", """{"gate":"g"}"""));
        await server.Gates.ReachedAsync("g");

        using var connection = new System.Net.Sockets.TcpClient();
        await connection.ConnectAsync(server.Url.Host, server.Url.Port, Cancellation);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes(
            $"POST /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer acme/alice\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\n\r\n{new string(' ', 70_000)}"), Cancellation);
        using var reader = new StreamReader(stream);
        Assert.Contains("429", await reader.ReadLineAsync(Cancellation), StringComparison.Ordinal);

        server.Gates.Open("g");
        using var answered = await running;
    }

    [Fact]
    public async Task A_call_whose_client_left_counts_until_it_is_done()
    {
        await using var server = await StartAsync(limits => limits.MaxCallsPerOwner = 1);
        using var client = await server.Client().OpenAsync();
        using (var leaving = await server.Client().OpenAsync())
        {
            var call = leaving.SendAsync(HttpMethod.Post, RawClient.Call("stubborn", """{"gate":"g"}"""));
            await server.Gates.ReachedAsync("g");
        }

        await RefusedAsync(client.SendAsync(HttpMethod.Post, RawClient.Call("get")), "1", nameof(LimitOptions.MaxCallsPerOwner), 1);
        server.Gates.Open("g");
        while ((await server.Services.GetRequiredService<IAdmission>().ReadUseAsync(new Caller(new("acme"), "alice"), Cancellation)).Calls > 0)
        {
            await Task.Yield();
        }

        Assert.Equal("0", await client.CallTextAsync("get"));
    }

    [Fact]
    public async Task Streams_of_every_kind_count_together_and_a_call_beyond_them_is_answered_without()
    {
        await using var server = await StartAsync(limits => limits.MaxStreamsPerOwner = 2);
        using var client = await server.Client().OpenAsync();
        using var second = await server.Client().OpenAsync();
        using var general = await client.StreamAsync(HttpMethod.Get);
        using var listening = await StatelessAsync(second, "subscriptions/listen", more: new() { ["notifications"] = new JsonObject { ["toolsListChanged"] = true } });
        Assert.Equal(HttpStatusCode.OK, listening.StatusCode);
        using var listener = new SseReader(listening);
        await listener.ReadMessageAsync(Cancellation);

        const string Limit = nameof(LimitOptions.MaxStreamsPerOwner);
        await RefusedAsync(second.SendAsync(HttpMethod.Get), null, Limit, 2);
        await RefusedAsync(StatelessAsync(second, "subscriptions/listen", id: "9", more: new() { ["notifications"] = new JsonObject() }), "9", Limit, 2);
        Assert.Contains("The client cannot be asked", (await client.CallAsync("ask", """{"question":"Who?"}""", "3")).ToJsonString(), StringComparison.Ordinal);

        // An ended session's stream is over, and makes room.
        using var ended = await client.SendAsync(HttpMethod.Delete);
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        while (await general.ReadAsync(Cancellation) is not null)
        {
        }

        using var next = await OpenedAsync(() => second.SendAsync(HttpMethod.Get));
        Assert.Equal("text/event-stream", next.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_tenants_own_limits_are_in_force_for_it_alone()
    {
        await using var server = await StartAsync(limits => limits.Tenants.Add(new()
        {
            Tenant = "globex",
            RequestRatePerOwner = 1,
            RequestBurstPerOwner = 2,
            MaxBodyBytes = 1024,
            MaxSessionsPerOwner = 1,
            MaxStateBytes = 1024,
        }));
        using var globex = await server.Client("globex/alice").OpenAsync();
        await RefusedAsync(globex.SendAsync(HttpMethod.Post, RawClient.Call("get")), "1", nameof(LimitOptions.RequestRatePerOwner), 1);
        _time.Advance(TimeSpan.FromSeconds(2));
        var (status, _) = await RawClient.ReadAsync(globex.SendAsync(HttpMethod.Post, RawClient.Call("get", $$"""{"x":"{{new string('x', 1024)}}"}""")));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        using var second = server.Client("globex/alice");
        await RefusedAsync(second.SendAsync(HttpMethod.Post, RawClient.Initialize()), "0", nameof(SessionOptions.MaxSessionsPerOwner), 1);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Contains("the limit is 1024", (await globex.CallAsync("fill", """{"size":2000}""")).ToJsonString(), StringComparison.Ordinal);

        using var acme = await server.Client().OpenAsync();
        Assert.Equal("filled", await acme.CallTextAsync("fill", """{"size":2000}"""));
        Assert.Equal("2000", await acme.CallTextAsync("length"));
    }

    [Fact]
    public async Task Anonymous_callers_of_one_address_share_an_owners_limits()
    {
        await using var server = await StartAsync(
            limits => (limits.RequestRatePerOwner, limits.RequestBurstPerOwner) = (1, 2), services => services.Configure<SessionEndpointOptions>(o => o.AllowAnonymous = true));
        using var first = await server.Client("").OpenAsync();
        using var second = server.Client("");
        await RefusedAsync(second.SendAsync(HttpMethod.Post, RawClient.Initialize()), "0", nameof(LimitOptions.RequestRatePerOwner), 1);
        using var known = await server.Client("anonymous/anonymous").OpenAsync();
    }

    [Fact]
    public async Task Anonymous_callers_have_an_owners_sessions_and_streams_for_each_address()
    {
        await using var server = await StartAsync(
            limits => limits.MaxStreamsPerOwner = 1,
            services =>
            {
                services.Configure<SessionEndpointOptions>(o => o.AllowAnonymous = true);
                services.Configure<SessionOptions>(o => o.MaxSessionsPerOwner = 2);
                services.AddSingleton<IStartupFilter, StatedAddress>();
            });
        using var client = await server.Client("").OpenAsync();
        using var second = await server.Client("").OpenAsync();
        using var third = server.Client("");
        await RefusedAsync(third.SendAsync(HttpMethod.Post, RawClient.Initialize()), "0", nameof(SessionOptions.MaxSessionsPerOwner), 2);
        var (_, refused) = await RawClient.ReadAsync(StatelessAsync(third, "tools/call", "add"));
        Assert.Contains("The limit MaxSessionsPerOwner (2) is reached", refused, StringComparison.Ordinal);
        using (var elsewhere = await third.SendAsync(HttpMethod.Post, RawClient.Initialize(), configure: StatedAddress.Say("192.0.2.7")))
        {
            Assert.Equal(HttpStatusCode.OK, elsewhere.StatusCode);
        }

        // Calls that become streams are counted by address too; the session is everybody's who has its id.
        using var running = await client.StreamAsync(HttpMethod.Post, RawClient.Call("report", """{"gate":"g"}""", "2", """{"progressToken":1}"""));
        await running.ReadMessageAsync(Cancellation);
        Assert.Contains("The client cannot be asked", (await second.CallAsync("ask", """{"question":"Who?"}""", "3")).ToJsonString(), StringComparison.Ordinal);
        using var asked = await second.SendAsync(HttpMethod.Post, RawClient.Call("ask", """{"question":"Who?"}""", "4"), configure: StatedAddress.Say("192.0.2.7"));
        Assert.Equal("text/event-stream", asked.Content.Headers.ContentType?.MediaType);
        server.Gates.Open("g");
    }

    [Fact]
    public async Task Where_the_limits_cannot_be_told_nobody_is_served()
    {
        await using var server = await StartAsync(_ => { }, services => services.AddSingleton<IAdmission, LostAdmission>());
        using var client = server.Client();
        foreach (var sending in new[] { client.SendAsync(HttpMethod.Post, RawClient.Initialize()), client.SendAsync(HttpMethod.Get), StatelessAsync(client, "tools/list") })
        {
            using var response = await sending;
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.NotNull(response.Headers.RetryAfter);
        }
    }

    private Task<SessionServer> StartAsync(Action<LimitOptions> limits, Action<IServiceCollection>? configure = null) => SessionServer.StartAsync(services =>
    {
        services.AddSingleton<TimeProvider>(_time);
        services.Configure(limits);
        configure?.Invoke(services);
    });

    private static Task<HttpResponseMessage> StatelessAsync(RawClient client, string method, string? name = null, string id = "1", JsonObject? more = null)
    {
        var parameters = more ?? [];
        parameters["_meta"] = new JsonObject
        {
            ["io.modelcontextprotocol/protocolVersion"] = "2026-07-28",
            ["io.modelcontextprotocol/clientInfo"] = new JsonObject { ["name"] = "raw", ["version"] = "1" },
            ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject(),
        };
        if (name is not null)
        {
            parameters["name"] = name;
        }

        var body = $$"""{"jsonrpc":"2.0","id":{{id}},"method":"{{method}}","params":{{parameters.ToJsonString()}}}""";
        return client.SendAsync(HttpMethod.Post, body, configure: request =>
        {
            request.Headers.Remove("Mcp-Session-Id");
            request.Headers.Remove("MCP-Protocol-Version");
            request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
            request.Headers.Add("Mcp-Method", method);
            if (name is not null)
            {
                request.Headers.Add("Mcp-Name", name);
            }
        });
    }

    private static async Task RefusedAsync(Task<HttpResponseMessage> sending, string? id, string limit, int maximum)
    {
        using var response = await sending;
        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.InRange(response.Headers.RetryAfter?.Delta ?? default, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        var message = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!;
        Assert.Equal(id, message["id"]?.ToJsonString());
        Assert.Equal((limit, maximum), ((string?)message["error"]!["data"]!["limit"], (int?)message["error"]!["data"]!["maximum"]));
    }

    /// <summary>Tries until a place that was given back is free: that a stream is over is seen before its request is.</summary>
    private static async Task<HttpResponseMessage> OpenedAsync(Func<Task<HttpResponseMessage>> send)
    {
        while (true)
        {
            var response = await send();
            if (response.StatusCode != HttpStatusCode.TooManyRequests)
            {
                return response;
            }

            response.Dispose();
        }
    }

    /// <summary>Has a request come from the address that it states.</summary>
    private sealed class StatedAddress : IStartupFilter
    {
        private const string Header = "Test-Address";

        public static Action<HttpRequestMessage> Say(string address) => request => request.Headers.Add(Header, address);

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, go) =>
            {
                if (context.Request.Headers[Header].ToString() is { Length: > 0 } address)
                {
                    context.Connection.RemoteIpAddress = IPAddress.Parse(address);
                }

                return go(context);
            });
            next(app);
        };
    }

    private sealed class LostAdmission : IAdmission
    {
        public async ValueTask<Admission> AdmitAsync(AdmissionRequest request, CancellationToken cancellationToken)
        {
            await Task.Yield();
            throw new SessionStoreUnavailableException("away");
        }

        public ValueTask<LimitUse> ReadUseAsync(TenantId tenant, CancellationToken cancellationToken) => default;

        public ValueTask<LimitUse> ReadUseAsync(Caller caller, CancellationToken cancellationToken) => default;
    }
}
