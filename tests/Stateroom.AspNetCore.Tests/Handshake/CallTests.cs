using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Stateroom.AspNetCore.Handshake;
using Stateroom.AspNetCore.Tests.Support;

namespace Stateroom.AspNetCore.Tests.Handshake;

public class CallTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_sessions_of_one_caller_stay_apart()
    {
        await using var server = await SessionServer.StartAsync();
        using var one = await server.Client().OpenAsync();
        using var two = await server.Client().OpenAsync();
        Assert.Equal("1", await one.CallTextAsync("add"));
        Assert.Equal("2", await one.CallTextAsync("add"));
        Assert.Equal("1", await two.CallTextAsync("add"));
        Assert.Equal("acme/alice", await two.CallTextAsync("who"));
    }

    [Fact]
    public async Task Two_hundred_parallel_increments_with_one_request_id_count_to_200()
    {
        await using var server = await SessionServer.StartAsync();
        using var client = await server.Client().OpenAsync();
        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => client.CallAsync("add", id: "2")));
        Assert.Equal("200", await client.CallTextAsync("get"));
    }

    [Fact]
    public async Task Ping_is_answered()
    {
        await using var server = await SessionServer.StartAsync();
        using var client = await server.Client().OpenAsync();
        var (status, body) = await RawClient.ReadAsync(client.SendAsync(HttpMethod.Post, """{"jsonrpc":"2.0","id":"p","method":"ping"}"""));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"jsonrpc":"2.0","id":"p","result":{}}"""), JsonNode.Parse(body)));
    }

    [Fact]
    public async Task A_slow_answer_becomes_a_stream_and_the_first_event_has_an_id()
    {
        await using var server = await SessionServer.StartAsync(s => s.Configure<SessionEndpointOptions>(o => o.StreamAfter = TimeSpan.FromMilliseconds(1)));
        using var client = await server.Client().OpenAsync();
        using var stream = await client.StreamAsync(HttpMethod.Post, RawClient.Call("wait", """{"gate":"slow"}"""));
        var first = await stream.ReadAsync(Cancellation);
        Assert.Equal("", first!.Data);
        Assert.NotNull(first.Id);

        server.Gates.Open("slow");
        Assert.Equal("100", RawClient.TextOf((await stream.ReadMessageAsync(Cancellation)).Json));
        Assert.Null(await stream.ReadAsync(Cancellation));
    }

    [Fact]
    public async Task A_client_that_takes_JSON_only_waits_for_its_answer_and_is_not_asked()
    {
        await using var server = await SessionServer.StartAsync(s => s.Configure<SessionEndpointOptions>(o => o.StreamAfter = TimeSpan.FromMilliseconds(1)));
        using var client = await server.Client().OpenAsync();
        void JsonOnly(HttpRequestMessage request)
        {
            request.Headers.Accept.Clear();
            request.Headers.Accept.ParseAdd("application/json");
        }

        var waiting = client.SendAsync(HttpMethod.Post, RawClient.Call("report", """{"gate":"json"}""", meta: """{"progressToken":1}"""), configure: JsonOnly);
        await server.Gates.ReachedAsync("json");
        server.Gates.Open("json");
        Assert.Equal("reported", RawClient.TextOf(JsonNode.Parse((await RawClient.ReadAsync(waiting)).Body)!.AsObject()));

        var (_, body) = await RawClient.ReadAsync(client.SendAsync(HttpMethod.Post, RawClient.Call("ask", """{"question":"?"}"""), configure: JsonOnly));
        Assert.Contains("event stream", (string?)JsonNode.Parse(body)!["error"]!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Progress_comes_before_the_answer_each_under_its_own_token()
    {
        await using var server = await SessionServer.StartAsync();
        using var one = await server.Client().OpenAsync();
        using var two = await server.Client("globex/alice").OpenAsync();
        using var first = await one.StreamAsync(HttpMethod.Post, RawClient.Call("report", """{"gate":"a"}""", "5", """{"progressToken":"t"}"""));
        using var second = await two.StreamAsync(HttpMethod.Post, RawClient.Call("report", """{"gate":"b"}""", "5", """{"progressToken":"t"}"""));
        server.Gates.Open("b");
        server.Gates.Open("a");
        foreach (var stream in new[] { first, second })
        {
            Assert.Equal(1, (int)(await stream.ReadMessageAsync(Cancellation)).Json["params"]!["progress"]!);
            Assert.Equal(2, (int)(await stream.ReadMessageAsync(Cancellation)).Json["params"]!["progress"]!);
            Assert.Equal("reported", RawClient.TextOf((await stream.ReadMessageAsync(Cancellation)).Json));
            Assert.Null(await stream.ReadAsync(Cancellation));
        }
    }

    [Fact]
    public async Task A_cancelled_call_stops_and_gets_no_answer_and_nobody_else_can_cancel_it()
    {
        await using var server = await SessionServer.StartAsync();
        using var client = await server.Client().OpenAsync();
        using var other = await server.Client("acme/bob").OpenAsync();
        using var stream = await client.StreamAsync(HttpMethod.Post, RawClient.Call("report", """{"gate":"c"}""", "3", """{"progressToken":1}"""));
        await stream.ReadMessageAsync(Cancellation);
        await server.Gates.ReachedAsync("c");

        const string Cancel = """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":3}}""";
        Assert.Equal(HttpStatusCode.Accepted, (await RawClient.ReadAsync(other.SendAsync(HttpMethod.Post, Cancel))).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await RawClient.ReadAsync(client.SendAsync(HttpMethod.Post, Cancel.Replace("3", "\"3\"", StringComparison.Ordinal)))).Status);
        Assert.Equal("0", await client.CallTextAsync("get"));
        Assert.NotEmpty(Live(server));

        Assert.Equal(HttpStatusCode.Accepted, (await RawClient.ReadAsync(client.SendAsync(HttpMethod.Post, Cancel))).Status);
        Assert.Null(await stream.ReadAsync(Cancellation));
    }

    [Fact]
    public async Task Nothing_live_is_kept_for_an_idle_session()
    {
        await using var server = await SessionServer.StartAsync();
        using var client = await server.Client().OpenAsync();
        await client.CallTextAsync("add");
        await client.CallAsync("log");
        await UntilIdle(server);
    }

    [Theory]
    [InlineData("stateroom/log-level")]
    [InlineData("stateroom/replay")]
    public async Task No_id_of_a_client_is_taken_for_one_of_ours(string id)
    {
        await using var server = await SessionServer.StartAsync();
        using var client = await server.Client().OpenAsync();
        await RawClient.ReadAsync(client.SendAsync(HttpMethod.Post, """{"jsonrpc":"2.0","id":1,"method":"logging/setLevel","params":{"level":"warning"}}"""));
        for (var i = 1; i <= 2; i++)
        {
            Assert.Equal($"{i}", RawClient.TextOf(await client.CallAsync("add", id: $"\"{id}\"")));
        }

        await UntilIdle(server);
        Assert.Equal("2", await client.CallTextAsync("get"));
    }

    [Fact]
    public async Task A_log_level_holds_from_call_to_call_and_for_its_own_session_only()
    {
        await using var server = await SessionServer.StartAsync();
        using var client = await server.Client().OpenAsync();
        using var other = await server.Client().OpenAsync();
        Assert.Equal("logged", await client.CallTextAsync("log"));

        var (status, _) = await RawClient.ReadAsync(client.SendAsync(HttpMethod.Post, """{"jsonrpc":"2.0","id":1,"method":"logging/setLevel","params":{"level":"warning"}}"""));
        Assert.Equal(HttpStatusCode.OK, status);
        for (var i = 0; i < 2; i++)
        {
            using var stream = await client.StreamAsync(HttpMethod.Post, RawClient.Call("log"));
            Assert.Equal("warning line", (string?)(await stream.ReadMessageAsync(Cancellation)).Json["params"]!["data"]);
            Assert.Equal("logged", RawClient.TextOf((await stream.ReadMessageAsync(Cancellation)).Json));
        }

        Assert.Equal("logged", await other.CallTextAsync("log"));
    }

    internal static async Task UntilIdle(SessionServer server)
    {
        // The handler's last steps run beside the answer that the client already has.
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        while (Live(server).Count > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), deadline.Token);
        }
    }

    private static IReadOnlyCollection<LiveSession> Live(SessionServer server) => server.Services.GetRequiredService<LiveSessions>().Snapshot();
}
