using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Stateless.Direct;
using Stateroom.AspNetCore.Tests.Handshake;
using Stateroom.AspNetCore.Tests.Support;

namespace Stateroom.AspNetCore.Tests.Stateless;

/// <summary>Plain calls of the stateless era that are run without a server of the SDK: nobody can tell, but by the time that they take.</summary>
public sealed class StatelessCallTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Task<SessionServer> StartAsync(Action<IMcpServerBuilder>? more = null) => SessionServer.StartAsync(
        services => services.AddScoped<Undisposable>(),
        mcp =>
        {
            mcp.WithTools<DirectCallTools>().WithTools<MoreTools>();
            more?.Invoke(mcp);
        });

    [Theory]
    [InlineData("""{"name":"served_by"}""", true)]
    [InlineData("""{"name":"served_by","arguments":{},"_meta":{"progressToken":1}}""", true)]
    [InlineData("""{"name":"served_by","_meta":{"io.modelcontextprotocol/logLevel":"info"}}""", false)]
    [InlineData("""{"name":"served_by","_meta":{"io.modelcontextprotocol/more":1}}""", false)]
    [InlineData("""{"name":"served_by","more":1}""", false)]
    public async Task A_plain_call_is_run_without_a_server_of_the_SDK(string parameters, bool direct)
    {
        await using var server = await StartAsync();
        using var client = server.Client();
        Assert.Equal(direct, await AskAsync(client, parameters) is { Body: var body } && RawClient.TextOf(body) == nameof(StatelessCallServer));
    }

    [Theory]
    [InlineData("""{"name":"told","arguments":{"text":"\u00fc \"quoted\" <b> \ud83d\ude00"},"_meta":{"progressToken":"t"}}""")]
    [InlineData("""{"name":"told","arguments":{"text":null}}""")]
    [InlineData("""{"name":"told","arguments":{"text":{"a":[1,2]}}}""")]
    [InlineData("""{"name":"told","arguments":{"text":1,"unknown":2}}""")]
    [InlineData("""{"name":"told","arguments":null}""")]
    [InlineData("""{"name":"told","arguments":[]}""")]
    [InlineData("""{"name":"told","_meta":{"io.modelcontextprotocol/clientInfo":{}}}""")]
    [InlineData("""{"name":"told","_meta":{"io.modelcontextprotocol/clientInfo":{"name":7,"version":"1"}}}""")]
    [InlineData("""{"name":"told","_meta":{"io.modelcontextprotocol/clientCapabilities":{"elicitation":7}}}""")]
    [InlineData("""{"name":"told","_meta":{"io.modelcontextprotocol/protocolVersion":"2025-11-25"}}""")]
    [InlineData("""{"name":"told","_meta":{"io.modelcontextprotocol/CLIENTInfo":{"name":"x","version":"1"}}}""")]
    [InlineData("""{"name":"told","_meta":{"ProgressToken":7}}""")]
    [InlineData("""{"name":"told","ARGUMENTS":{"text":"x"}}""")]
    [InlineData("""{"name":"told","requestState":"x"}""")]
    [InlineData("""{"name":"clients"}""")]
    [InlineData("""{"name":"structured"}""")]
    [InlineData("""{"name":"nothing"}""")]
    [InlineData("""{"name":"shared"}""")]
    [InlineData("""{"name":"reports","_meta":{"progressToken":"t"}}""")]
    [InlineData("""{"name":"reports"}""")]
    [InlineData("""{"name":"reports","arguments":{"code":-32602},"_meta":{"progressToken":"t"}}""")]
    [InlineData("""{"name":"reports","arguments":{"code":-32601}}""")]
    [InlineData("""{"name":"asks"}""")]
    [InlineData("""{"name":"samples"}""")]
    [InlineData("""{"name":"elicits"}""")]
    [InlineData("""{"name":"elicits","_meta":{"io.modelcontextprotocol/clientCapabilities":{}}}""")]
    [InlineData("""{"name":"sends_request"}""")]
    [InlineData("""{"name":"wait"}""")]
    [InlineData("""{"name":"fail"}""")]
    [InlineData("""{"name":"fill","arguments":{"size":300000}}""")]
    [InlineData("""{"name":"mcp_error"}""")]
    [InlineData("""{"name":"protocol_error"}""")]
    [InlineData("""{"name":"cancels"}""")]
    [InlineData("""{"name":"bad_result"}""")]
    [InlineData("""{"name":"no_such_tool"}""")]
    [InlineData("""{"name":"undisposable"}""")]
    public async Task What_is_answered_is_what_a_server_of_the_SDK_answers(string parameters)
    {
        var answers = await Task.WhenAll(CallWays.All.Select(async way =>
        {
            await using var server = await StartAsync(mcp => mcp.RunCalls(way));
            using var client = server.Client();
            return await AskAsync(client, parameters);
        }));
        Assert.Equal(answers[2].Status, answers[0].Status);
        Assert.Equal(answers[2].Headers, answers[0].Headers);
        Assert.All(answers, answer => Assert.True(JsonNode.DeepEquals(answers[2].Body, answer.Body), $"{answers[2].Body.ToJsonString()}\n{answer.Body.ToJsonString()}"));
        Assert.All(answers, answer => Assert.Equal(answers[2].Before.Select(m => m.ToJsonString()), answer.Before.Select(m => m.ToJsonString())));
    }

    [Fact]
    public async Task A_question_by_an_exception_runs_the_tool_once()
    {
        await using var server = await StartAsync();
        using var client = server.Client();
        var before = MoreTools.Asked;
        var asked = await AskAsync(client, """{"name":"asks_and_counts"}""");
        Assert.Equal("input_required", (string?)asked.Body["result"]!["resultType"]);
        Assert.Equal(1, MoreTools.Asked - before);
    }

    [Fact]
    public async Task The_host_s_filters_see_a_call_once_however_it_ends()
    {
        var seen = new ConcurrentQueue<string>();
        await using var server = await StartAsync(mcp => mcp.WithRequestFilters(filters => filters.AddCallToolFilter(next => (request, cancellationToken) =>
        {
            seen.Enqueue(request.Params.Name);
            return next(request, cancellationToken);
        })));
        using var client = server.Client();
        string[] tools = ["told", "fail", "mcp_error", "protocol_error", "bad_result", "asks"];
        foreach (var tool in tools)
        {
            await AskAsync(client, $$"""{"name":"{{tool}}"}""");
        }

        Assert.Equal(tools, seen);
    }

    [Fact]
    public async Task What_is_said_goes_out_in_order_and_before_the_answer()
    {
        await using var server = await StartAsync();
        using var client = server.Client();
        var answer = await AskAsync(client, """{"name":"counts","arguments":{"to":50},"_meta":{"progressToken":"t"}}""");
        Assert.Equal(Enumerable.Range(1, 50), answer.Before.Select(message => (int)message["params"]!["progress"]!));
        Assert.Equal("counted", RawClient.TextOf(answer.Body));
    }

    [Fact]
    public async Task What_is_said_before_goes_out_at_once()
    {
        await using var server = await StartAsync();
        using var client = server.Client();
        using var response = await SendAsync(client, """{"name":"hold_thread","arguments":{"gate":"g","report":true},"_meta":{"progressToken":"t"}}""");
        var stream = new SseReader(response);
        Assert.Equal("notifications/progress", (string?)(await stream.ReadMessageAsync(Cancellation)).Json["method"]);
        server.Gates.Open("g");
        Assert.Equal("held", RawClient.TextOf((await stream.ReadMessageAsync(Cancellation)).Json));
        Assert.Null(await stream.ReadAsync(Cancellation));
    }

    [Fact]
    public async Task A_tool_that_holds_its_thread_has_its_headers_sent()
    {
        await using var server = await StartAsync();
        using var client = server.Client();
        using var response = await SendAsync(client, """{"name":"hold_thread","arguments":{"gate":"g","report":false}}""");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        server.Gates.Open("g");
        Assert.Equal("held", RawClient.TextOf(await RawClient.ReadResponseAsync(response)));
    }

    [Theory]
    [InlineData("told")]
    [InlineData("protocol_error")]
    public async Task What_is_said_after_the_answer_reaches_nobody(string ends)
    {
        await using var server = await StartAsync();
        using var client = server.Client();
        var answer = await AskAsync(client, $$$"""{"name":"nags","arguments":{"gate":"late","ends":"{{{ends}}}"}}""");
        Assert.Empty(answer.Before);
        await server.QuietAsync();

        // Most likely on the same connection.
        using var response = await SendAsync(client, """{"name":"hold_thread","arguments":{"gate":"g","report":true},"_meta":{"progressToken":"t"}}""");
        var stream = new SseReader(response);
        Assert.Equal("notifications/progress", (string?)(await stream.ReadMessageAsync(Cancellation)).Json["method"]);
        server.Gates.Open("late");
        await server.Gates.ReachedAsync("refused");
        server.Gates.Open("g");
        Assert.Equal("held", RawClient.TextOf((await stream.ReadMessageAsync(Cancellation)).Json));
    }

    [Fact]
    public async Task What_is_said_after_a_call_was_cancelled_reaches_nobody()
    {
        await using var server = await StartAsync();
        using (var leaving = server.Client())
        {
            var call = SendAsync(leaving, """{"name":"nags_when_cancelled","arguments":{"gate":"late"}}""");
            await server.Gates.ReachedAsync("waits");
            using var begun = await call;
        }

        await server.Gates.ReachedAsync("cancelled");
        await server.QuietAsync();
        server.Gates.Open("late");
        await server.Gates.ReachedAsync("refused");
    }

    [Fact]
    public async Task A_client_that_leaves_ends_its_call()
    {
        await using var server = await StartAsync(mcp => mcp.WithTools<ServerTools>());
        using (var leaving = server.Client())
        {
            var call = SendAsync(leaving, """{"name":"server_at_gate","arguments":{"gate":"never"}}""");
            await server.Gates.ReachedAsync("never");
            using var begun = await call;
        }

        await server.Gates.ReachedAsync("never was cancelled");
    }

    [Fact]
    public async Task A_result_that_is_shared_between_calls_is_left_alone()
    {
        await using var server = await StartAsync();
        using var client = server.Client();
        await AskAsync(client, """{"name":"shared"}""");
        Assert.Equal("""{"own":true}""", MoreTools.SharedResult.Meta!.ToJsonString());
    }

    private static Task<HttpResponseMessage> SendAsync(RawClient client, string parameters) => client.SendStatelessAsync("tools/call", JsonNode.Parse(parameters)!.AsObject());

    private static async Task<Answer> AskAsync(RawClient client, string parameters)
    {
        using var response = await SendAsync(client, parameters);
        var headers = string.Join('\n', response.Headers.Concat(response.Content.Headers).Where(h => h.Key is not ("Date" or "Content-Length" or "Transfer-Encoding")).Select(h => $"{h.Key}: {string.Join(',', h.Value)}").Order());
        if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
        {
            return new(response.StatusCode, headers, [], await RawClient.ReadResponseAsync(response));
        }

        var messages = new List<JsonObject>();
        var reader = new SseReader(response);
        while (await reader.ReadAsync(Cancellation) is { } next)
        {
            messages.Add(next.Json);
        }

        // A sealed state is another one each time.
        if (messages[^1]["result"] is JsonObject result && result["requestState"] is not null)
        {
            result["requestState"] = "sealed";
        }

        return new(response.StatusCode, headers, messages[..^1], messages[^1]);
    }

    private sealed record Answer(HttpStatusCode Status, string Headers, IReadOnlyList<JsonObject> Before, JsonObject Body);

    private sealed class MoreTools(Gates gates)
    {
        private static int _asked;

        public static CallToolResult SharedResult { get; } = new() { Content = [new TextContentBlock { Text = "shared" }], Meta = new() { ["own"] = true } };

        public static int Asked => Volatile.Read(ref _asked);

        [McpServerTool(Name = "shared")]
        public static CallToolResult Shared() => SharedResult;

        /// <summary>What is known of the client, wherever a tool or a filter can look.</summary>
        [McpServerTool(Name = "clients")]
        public static string Clients(McpServer server, RequestContext<CallToolRequestParams> request)
        {
            var context = request.JsonRpcRequest.Context!;
            return $"{server.ClientInfo?.Name} {server.ClientCapabilities is null} {context.ClientInfo?.Version} {context.ClientCapabilities?.Elicitation is not null} {context.ProtocolVersion} {context.RelatedTransport?.SessionId is null} "
                + $"{context.User is not null} {request.Params.Meta?.Count} {server.LoggingLevel is null} {server.ServerOptions.ToolCollection?.Count} {server.Services is not null}";
        }

        /// <summary>Says something first, and may end with an error.</summary>
        [McpServerTool(Name = "reports")]
        public static async Task<string> Reports(McpServer server, RequestContext<CallToolRequestParams> request, int code = 0)
        {
            await server.SendNotificationAsync("notifications/said", Cancellation);
            if (request.Params.ProgressToken is { } token)
            {
                await server.NotifyProgressAsync(token, new() { Progress = 0.5f, Message = "half" }, cancellationToken: Cancellation);
            }

            return code == 0 ? "reported" : throw new McpProtocolException("refused", (McpErrorCode)code);
        }

        [McpServerTool(Name = "counts")]
        public static async Task<string> Counts(int to, IProgress<ProgressNotificationValue> progress)
        {
            for (var i = 1; i <= to; i++)
            {
                progress.Report(new() { Progress = i });
            }

            await Task.Yield();
            return "counted";
        }

        [McpServerTool(Name = "asks")]
        public static string Asks() => throw Question();

        [McpServerTool(Name = "asks_and_counts")]
        public static string AsksAndCounts()
        {
            Interlocked.Increment(ref _asked);
            throw Question();
        }

        /// <summary>Asks in the way of the other era.</summary>
        [McpServerTool(Name = "samples")]
        public static async Task<string> Samples(McpServer server)
        {
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await server.SampleAsync(new CreateMessageRequestParams { Messages = [], MaxTokens = 1 }, Cancellation));
            return "refused";
        }

        [McpServerTool(Name = "elicits")]
        public static async Task<string> Elicits(McpServer server)
        {
            var refused = await Assert.ThrowsAnyAsync<Exception>(async () => await server.ElicitAsync(new ElicitRequestParams { Message = "Who?", RequestedSchema = new() }, Cancellation));
            return refused.GetType().Name;
        }

        [McpServerTool(Name = "sends_request")]
        public static async Task<string> SendsRequest(McpServer server)
        {
            await using var unheard = server.RegisterNotificationHandler("notifications/any", (_, _) => default);
            await Assert.ThrowsAsync<InvalidOperationException>(() => server.SendRequestAsync(new() { Method = "roots/list" }, Cancellation));
            await Assert.ThrowsAsync<ArgumentException>(() => server.SendMessageAsync(new JsonRpcNotification { Method = "notifications/any", Context = new() }, Cancellation));
            return "refused";
        }

        /// <summary>Ends and goes on talking when a gate opens.</summary>
        [McpServerTool(Name = "nags")]
        public string Nags(string gate, string ends, McpServer server)
        {
            _ = NagAsync(gate, server);
            return ends == "told" ? "told" : throw new McpProtocolException("refused", McpErrorCode.InvalidParams);
        }

        [McpServerTool(Name = "nags_when_cancelled")]
        public async Task<string> NagsWhenCancelled(string gate, McpServer server, CancellationToken cancellationToken)
        {
            _ = NagAsync(gate, server);
            try
            {
                await gates.WaitAsync("waits", cancellationToken);
            }
            finally
            {
                _ = gates.WaitAsync("cancelled", CancellationToken.None);
            }

            return "";
        }

        private async Task NagAsync(string gate, McpServer server)
        {
            await gates.WaitAsync(gate, CancellationToken.None);
            var refused = await Assert.ThrowsAsync<InvalidOperationException>(async () => await server.SendNotificationAsync("notifications/nagging", CancellationToken.None));
            await gates.WaitAsync(refused.Message.Contains("finished", StringComparison.Ordinal) ? "refused" : "refused by others", CancellationToken.None);
        }

        private static InputRequiredException Question() => new(new InputRequiredResult
        {
            InputRequests = new Dictionary<string, InputRequest> { ["name"] = InputRequest.ForElicitation(new() { Message = "Who?", RequestedSchema = new() }) },
            RequestState = "state",
        });
    }
}
