using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Handshake;
using Stateroom.AspNetCore.Tests.Support;
using Stateroom.Limits;
using Stateroom.State;

namespace Stateroom.AspNetCore.Tests.Endpoint;

/// <summary>Callers behind one proxy: their requests of both eras come by a few connections, whose contexts and memory are used again all the time.</summary>
public sealed class SharedConnectionTests
{
    private const int Callers = 8;
    private const int Calls = 80;

    private const string OfStatelessEra = """
        {"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"test","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_is_given_its_own_answers_and_nothing_is_left_behind()
    {
        // A place that is not given back would soon be missed.
        await using var server = await SessionServer.StartAsync(
            services => services.AddScoped<Visitor>().Configure<LimitOptions>(limits => limits.MaxCallsPerOwner = 10), mcp => mcp.WithTools<EchoTools>());
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Callers / 2 });
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(number => CallAsync(http, server.Url, $"t{number}", new Random(number))));
        await server.QuietAsync();
        Assert.Empty(server.Services.GetRequiredService<LiveSessions>().Snapshot());
    }

    private static async Task CallAsync(HttpClient http, Uri url, string tenant, Random random)
    {
        using var opened = await SendAsync(http, url, tenant, null, RawClient.Initialize(), Cancellation);
        var session = opened.Headers.GetValues("Mcp-Session-Id").Single();
        for (var i = 0; i < Calls; i++)
        {
            // Short, about as long as what is handed over at once, and longer.
            var text = new string('x', random.Next(3) * 9_000) + i;
            var arguments = new JsonObject { ["text"] = text, ["way"] = random.Next(5) }.ToJsonString();
            using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
            if (i % 10 == 9)
            {
                leaving.CancelAfter(TimeSpan.FromMilliseconds(random.Next(1, 4)));
            }

            try
            {
                using var response = await SendAsync(http, url, tenant, i % 2 == 0 ? session : null, RawClient.Call("echo", arguments, $"{i}", i % 2 == 0 ? "{}" : OfStatelessEra), leaving.Token);
                var answer = await RawClient.ReadResponseAsync(response);
                Assert.Equal((i, $"{tenant} {text}"), ((int)answer["id"]!, RawClient.TextOf(answer)));
            }
            catch (OperationCanceledException) when (leaving.IsCancellationRequested)
            {
                // It left.
            }
        }
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, Uri url, string tenant, string? session, string body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", $"{tenant}/owner");
        request.Headers.Add("Accept", "application/json, text/event-stream");
        if (body.Contains("2026-07-28", StringComparison.Ordinal))
        {
            request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
            request.Headers.Add("Mcp-Method", "tools/call");
            request.Headers.Add("Mcp-Name", "echo");
        }
        else if (session is not null)
        {
            request.Headers.Add("Mcp-Session-Id", session);
        }

        return await http.SendAsync(request, cancellationToken);
    }

    /// <summary>What belongs to one request alone.</summary>
    private sealed class Visitor
    {
        public string? Tenant { get; set; }
    }

    [McpServerToolType]
    private sealed class EchoTools(ISessionAccessor session)
    {
        [McpServerTool(Name = "echo")]
        public async Task<string> Echo(string text, int way, Visitor visitor, McpServer server, CancellationToken cancellationToken)
        {
            Assert.Null(visitor.Tenant);
            visitor.Tenant = session.Current!.Caller.Tenant.Value;
            switch (way)
            {
                case 1:
                    await Task.Delay(1, cancellationToken);
                    break;
                case 2:
                    await server.SendNotificationAsync("notifications/told", cancellationToken);
                    break;
                case 3:
                    _ = TalkOnAsync(server);
                    break;
                case 4:
                    Thread.Sleep(1);
                    break;
            }

            return $"{session.Current.Caller.Tenant.Value} {text}";
        }

        /// <summary>Says something when its call is long over, for nobody.</summary>
        private static async Task TalkOnAsync(McpServer server)
        {
            await Task.Delay(20, CancellationToken.None);
            await server.SendNotificationAsync("notifications/late", CancellationToken.None);
        }
    }
}
