using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Endpoint;
using Stateroom.AspNetCore.Handshake;
using Stateroom.AspNetCore.Handshake.Direct;
using Stateroom.AspNetCore.Tests.Support;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Tests.Handshake;

/// <summary>Calls that are run without a server of the SDK: nobody can tell, but by the time that they take.</summary>
public class DirectCallTests
{
    private const string Cancellation7 = """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Task<SessionServer> StartAsync(Action<IMcpServerBuilder>? more = null, Action<ILoggingBuilder>? log = null) => SessionServer.StartAsync(
        services => services.AddLogging(log ?? (static _ => { })).AddScoped<Undisposable>(),
        mcp =>
        {
            mcp.WithTools<DirectCallTools>();
            more?.Invoke(mcp);
        });

    /// <summary>A filter of messages, whatever it does, has a server of the SDK run every call.</summary>
    private static void WithSdk(IMcpServerBuilder mcp) => mcp.WithMessageFilters(filters => filters.AddIncomingFilter(next => next));

    [Theory]
    [InlineData("""{"name":"served_by"}""", true)]
    [InlineData("""{"name":"served_by","arguments":{},"_meta":{"progressToken":1}}""", true)]
    [InlineData("""{"name":"served_by","requestState":"x"}""", false)]
    [InlineData("""{"name":"served_by","more":1}""", false)]
    public async Task A_plain_call_is_run_without_a_server_of_the_SDK(string parameters, bool direct)
    {
        await using var server = await StartAsync();
        using var client = await server.Client().OpenAsync();
        var answer = await PostAsync(client, $$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{parameters}}}""");
        Assert.Equal(direct, (string?)answer["result"]?["content"]?[0]?["text"] == nameof(DirectServer));
    }

    [Theory]
    [InlineData("""{"name":"told","arguments":{"text":"\u00fc \"quoted\" <b> \ud83d\ude00"},"_meta":{"progressToken":"t"}}""")]
    [InlineData("""{"name":"told","arguments":{"text":null}}""")]
    [InlineData("""{"name":"told","arguments":{"text":{"a":[1,2]}}}""")]
    [InlineData("""{"name":"told","arguments":{"text":1,"unknown":2}}""")]
    [InlineData("""{"name":"told","arguments":null}""")]
    [InlineData("""{"name":"told","arguments":[]}""")]
    [InlineData("""{"name":"told","_meta":null}""")]
    [InlineData("""{"name":"told","_meta":{"io.modelcontextprotocol/clientInfo":{"name":"x","version":"1"}}}""")]
    [InlineData("""{"arguments":{},"name":"told"}""")]
    [InlineData("""{"name":"structured"}""")]
    [InlineData("""{"name":"nothing"}""")]
    [InlineData("""{"name":"add","arguments":{"n":2}}""")]
    [InlineData("""{"name":"wait"}""")]
    [InlineData("""{"name":"fail"}""")]
    [InlineData("""{"name":"fill","arguments":{"size":300000}}""")]
    [InlineData("""{"name":"mcp_error"}""")]
    [InlineData("""{"name":"protocol_error"}""")]
    [InlineData("""{"name":"cancels"}""")]
    [InlineData("""{"name":"bad_result"}""")]
    [InlineData("""{"name":"no_such_tool"}""")]
    [InlineData("""{"NAME":"told"}""")]
    [InlineData("""{"name":"told","ARGUMENTS":{"text":"x"}}""")]
    [InlineData("""{"name":"told","_meta":{"ProgressToken":7}}""")]
    [InlineData("""{"name":"told","_meta":{"io.modelcontextprotocol/CLIENTInfo":{"name":"x","version":"1"}}}""")]
    [InlineData("""{"name":"undisposable"}""")]
    [InlineData("""{"name":7}""")]
    [InlineData("""{"name":null}""")]
    [InlineData("{}")]
    public async Task What_is_answered_is_what_a_server_of_the_SDK_answers(string parameters)
    {
        var request = $$"""{"jsonrpc":"2.0","id":"an id \u00fc","method":"tools/call","params":{{parameters}}}""";
        await using var direct = await StartAsync();
        await using var sdk = await StartAsync(WithSdk);
        var answers = await Task.WhenAll(AskAsync(direct), AskAsync(sdk));
        Assert.True(JsonNode.DeepEquals(answers[0], answers[1]), $"{answers[0].ToJsonString()}\n{answers[1].ToJsonString()}");

        async Task<JsonObject> AskAsync(SessionServer server)
        {
            using var client = await server.Client().OpenAsync();
            return await PostAsync(client, request);
        }
    }

    [Fact]
    public async Task The_host_s_filters_are_passed_in_the_same_order()
    {
        var passed = await Task.WhenAll(RunAsync(_ => { }), RunAsync(WithSdk));
        Assert.Equal(passed[1], passed[0]);
        Assert.NotEmpty(passed[0]);

        static async Task<string[]> RunAsync(Action<IMcpServerBuilder> more)
        {
            var passed = new ConcurrentQueue<string>();
            await using var server = await StartAsync(mcp =>
            {
                more(mcp);
                mcp.WithRequestFilters(filters => filters.AddCallToolFilter(Note("first")).AddCallToolFilter(Note("second")));
            });
            using var client = await server.Client().OpenAsync();
            foreach (var tool in new[] { "add", "fail", "mcp_error", "protocol_error" })
            {
                using var response = await client.SendAsync(HttpMethod.Post, RawClient.Call(tool));
            }

            return [.. passed];

            McpRequestFilter<CallToolRequestParams, CallToolResult> Note(string name) => next => async (request, cancellationToken) =>
            {
                passed.Enqueue($"{name} before {request.MatchedPrimitive?.Id}");
                try
                {
                    return await next(request, cancellationToken);
                }
                finally
                {
                    passed.Enqueue($"{name} after {request.MatchedPrimitive?.Id}");
                }
            };
        }
    }

    [Fact]
    public async Task A_tool_that_asks_by_an_exception_is_run_once_before_the_answer_and_once_after()
    {
        await using var server = await StartAsync();
        using var client = await server.Client().OpenAsync();
        var before = DirectCallTools.Asked;
        using var stream = await client.StreamAsync(HttpMethod.Post, RawClient.Call("ask_by_exception"));
        var question = (await stream.ReadMessageAsync(Cancellation)).Json;
        Assert.Equal("elicitation/create", (string?)question["method"]);
        Assert.Equal(1, DirectCallTools.Asked - before);

        using var answered = await client.SendAsync(HttpMethod.Post, new JsonObject { ["jsonrpc"] = "2.0", ["id"] = question["id"]!.DeepClone(), ["result"] = new JsonObject { ["action"] = "decline" } }.ToJsonString());
        Assert.Equal("answered decline", RawClient.TextOf((await stream.ReadMessageAsync(Cancellation)).Json));
        Assert.Equal(2, DirectCallTools.Asked - before);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_tool_that_holds_its_thread_holds_up_neither_its_stream_nor_anybody_else(bool reports)
    {
        await using var server = await StartAsync();
        using var client = await server.Client().OpenAsync();
        using var stream = await client.StreamAsync(
            HttpMethod.Post, RawClient.Call("hold_thread", $$"""{"gate":"g","report":{{(reports ? "true" : "false")}}}""", meta: """{"progressToken":"t"}"""));
        await server.Gates.ReachedAsync("g");
        if (reports)
        {
            Assert.Equal("notifications/progress", (string?)(await stream.ReadMessageAsync(Cancellation)).Json["method"]);
        }

        Assert.Equal("1", await client.CallTextAsync("add"));
        server.Gates.Open("g");
        Assert.Equal("held", RawClient.TextOf((await stream.ReadMessageAsync(Cancellation)).Json));
        Assert.Null(await stream.ReadAsync(Cancellation));
    }

    [Fact]
    public async Task A_call_in_a_batch_that_holds_its_thread_holds_up_no_other()
    {
        await using var server = await StartAsync();
        using var client = await new RawClient(server.Url, "acme/alice") { Version = "2025-03-26" }.OpenAsync();
        var sending = client.SendAsync(HttpMethod.Post, $"[{RawClient.Call("hold_thread", """{"gate":"one","report":false}""", "1")},{RawClient.Call("wait", """{"gate":"two"}""", "2")}]");
        await server.Gates.ReachedAsync("one");
        await server.Gates.ReachedAsync("two");
        server.Gates.OpenAll();
        using var response = await sending;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Whoever_cancels_a_call_does_not_run_the_next_one_of_its_connection()
    {
        await using var server = await StartAsync();
        using var client = await server.Client().OpenAsync();
        using var canceller = server.Client();
        canceller.SessionId = client.SessionId;
        using var connection = await PipelineAsync(server, client, RawClient.Call("wait", """{"gate":"first"}""", "7"), RawClient.Call("hold_thread", """{"gate":"second","report":false}""", "8"));
        await server.Gates.ReachedAsync("first");
        using var cancelled = await canceller.SendAsync(HttpMethod.Post, Cancellation7);
        Assert.Equal(HttpStatusCode.Accepted, cancelled.StatusCode);
        await server.Gates.ReachedAsync("second");
    }

    [Theory]
    [InlineData("POST", HttpStatusCode.Accepted)]
    [InlineData("DELETE", HttpStatusCode.NotFound)]
    public async Task A_call_that_was_cancelled_or_ended_is_answered_although_its_tool_holds_the_thread(string method, HttpStatusCode status)
    {
        await using var server = await StartAsync();
        using var client = await server.Client().OpenAsync();
        using var other = server.Client();
        other.SessionId = client.SessionId;
        var calling = client.SendAsync(HttpMethod.Post, RawClient.Call("hold_thread", """{"gate":"g","report":false}""", "7"), configure: AcceptJson);
        await server.Gates.ReachedAsync("g");
        using var ended = await other.SendAsync(new HttpMethod(method), method == "POST" ? Cancellation7 : null);
        using var response = await calling;
        Assert.Equal(status, response.StatusCode);
        Assert.True(response.Headers.ConnectionClose);

        // The client's next request goes another way.
        using var next = await client.SendAsync(HttpMethod.Post, RawClient.Call("add"));
        Assert.Equal(method == "POST" ? HttpStatusCode.OK : HttpStatusCode.NotFound, next.StatusCode);
    }

    [Fact]
    public async Task The_stream_of_an_ended_session_ends_although_the_tool_holds_the_thread()
    {
        await using var server = await StartAsync();
        using var client = await server.Client().OpenAsync();
        using var stream = await client.StreamAsync(HttpMethod.Post, RawClient.Call("hold_thread", """{"gate":"g","report":true}""", meta: """{"progressToken":"t"}"""));
        await stream.ReadMessageAsync(Cancellation);
        using var ended = await client.SendAsync(HttpMethod.Delete);
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);

        while (await stream.ReadAsync(Cancellation) is not null)
        {
            // What was said before.
        }

        using var next = await client.SendAsync(HttpMethod.Post, RawClient.Call("add"));
        Assert.Equal(HttpStatusCode.NotFound, next.StatusCode);
    }

    [Fact]
    public async Task A_server_that_is_raised_too_late_is_let_go()
    {
        await using var server = await StartAsync();
        using var client = await server.Client().OpenAsync();
        var request = (JsonRpcRequest)JsonRpc.Parse(System.Text.Encoding.UTF8.GetBytes(RawClient.Call("add")));
        var caller = new Caller(new TenantId("acme"), "alice");
        var exchange = new Exchange(server.Services.GetRequiredService<ExchangeServices>(), caller, new SessionKey(caller.Tenant, client.SessionId!), request, mayStream: true);
        request.Context = new() { ProtocolVersion = "2025-11-25", RelatedTransport = exchange.Call };
        exchange.Host.ServeDirectly();
        Assert.True(await exchange.BeginStreamAsync());
        var raised = new List<RaisedServer>();
        var early = exchange.Host.Raise(Raise);
        Assert.Same(early, exchange.Host.Raise(Raise));
        var response = new JsonRpcResponse { Id = request.Id, Result = new JsonObject() };
        await exchange.RespondAsync(response, body: null);
        Assert.True(early.IsStopped);
        Assert.Throws<InvalidOperationException>(() => exchange.Host.Raise(Raise));
        await exchange.CompleteAsync();
        Assert.All(raised, one => Assert.True(one.IsStopped));

        RaisedServer Raise()
        {
            raised.Add(RaisedServer.Raise(new(), NullLoggerFactory.Instance, server.Services, home: null));
            return raised[^1];
        }
    }

    [Fact]
    public async Task Whoever_follows_the_spans_of_the_SDK_is_told_of_every_call()
    {
        await using var server = await StartAsync();
        using var client = await server.Client().OpenAsync();
        var told = new ConcurrentQueue<string>();
        using (var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Experimental.ModelContextProtocol",
            Sample = static (ref _) => ActivitySamplingResult.AllData,
            ActivityStarted = activity => told.Enqueue(activity.OperationName),
        })
        {
            ActivitySource.AddActivityListener(listener);
            Assert.NotEqual(nameof(DirectServer), await client.CallTextAsync("served_by"));
        }

        Assert.Contains("tools/call served_by", told);
        Assert.Equal(nameof(DirectServer), await client.CallTextAsync("served_by"));
    }

    [Theory]
    [InlineData(LogLevel.Information, false)]
    [InlineData(LogLevel.Warning, true)]
    public async Task Whoever_follows_the_log_of_the_SDK_is_told_of_every_call_or_at_least_of_those_that_failed(LogLevel level, bool direct)
    {
        using var log = new LogLines();
        await using var server = await StartAsync(log: logging => logging.AddProvider(log).AddFilter("ModelContextProtocol", level));
        using var client = await server.Client().OpenAsync();
        Assert.Equal(direct, nameof(DirectServer) == await client.CallTextAsync("served_by"));
        Assert.Empty(log.OfSdk(LogLevel.Error));
        Assert.StartsWith("An error occurred", await client.CallTextAsync("fail"), StringComparison.Ordinal);

        var line = Assert.Single(log.OfSdk(LogLevel.Error));
        Assert.Contains("fail", line, StringComparison.Ordinal);
        if (direct)
        {
            Assert.Contains(nameof(InvalidOperationException), line, StringComparison.Ordinal);
            Assert.DoesNotContain("nobody's business", line, StringComparison.Ordinal);
        }
    }

    private static void AcceptJson(HttpRequestMessage request)
    {
        request.Headers.Accept.Clear();
        request.Headers.Accept.ParseAdd("application/json");
    }

    /// <summary>Sends calls one behind the other, on one connection, without waiting for an answer.</summary>
    private static async Task<TcpClient> PipelineAsync(SessionServer server, RawClient client, params string[] calls)
    {
        var connection = new TcpClient();
        await connection.ConnectAsync(server.Url.Host, server.Url.Port, Cancellation);
        var requests = calls.Select(call => $"POST /mcp HTTP/1.1\r\nHost: {server.Url.Authority}\r\nAuthorization: Bearer acme/alice\r\nMcp-Session-Id: {client.SessionId}\r\n"
            + $"Accept: application/json\r\nContent-Type: application/json\r\nContent-Length: {call.Length}\r\n\r\n{call}");
        await connection.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(string.Concat(requests)), Cancellation);
        return connection;
    }

    private static async Task<JsonObject> PostAsync(RawClient client, string body)
    {
        using var response = await client.SendAsync(HttpMethod.Post, body);
        return await RawClient.ReadResponseAsync(response);
    }
}
