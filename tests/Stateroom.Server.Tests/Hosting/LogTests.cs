using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Stateroom.Server.Tests.Hosting;

/// <summary>What the program logs as it is delivered: nothing that a client sent. Every text that these clients choose holds the same mark.</summary>
public sealed class LogTests
{
    private const string Mark = "zq7";

    // In the bodies ~ stands for this, and ^ for the mark alone.
    private const string Forged = $@"{Mark}\nfail: {Mark}[1]\n      {Mark}";

    [Fact]
    public async Task Nothing_that_a_handshake_era_client_sends_is_logged()
    {
        var (server, client) = await ServerProcess.StartAsync("Development", $"--Stateroom:ApiKeys:5:Key=key-{Mark}", "--Stateroom:ApiKeys:5:Tenant=t", "--Stateroom:ApiKeys:5:Owner=o", "--Stateroom:MaxSessionsPerOwner=2");
        await using (server)
        using (client)
        {
            var session = await OpenAsync(client);
            string[] bodies =
            [
                Request("tools/call", """{"name":"get_current_weather","arguments":{"city":"~"}}"""),
                Request("tools/call", """{"name":"get_current_weather","arguments":{"city":"Pune","country":"~","units":"~"}}"""),
                Request("tools/call", """{"name":"save_place","arguments":{"label":"~","city":"~"}}"""),
                Request("tools/call", """{"name":"~","arguments":{"~":1}}"""),
                Request("resources/read", """{"uri":"weather://^%0a^"}"""),
                Request("resources/read", """{"uri":"~"}"""),
                Request("resources/subscribe", """{"uri":"weather://^"}"""),
                Request("resources/unsubscribe", """{"uri":"~"}"""),
                Request("prompts/get", """{"name":"~"}"""),
                Request("completion/complete", """{"ref":{"type":"ref/prompt","name":"~"},"argument":{"name":"a","value":"~"}}"""),
                Request("logging/setLevel", """{"level":"~"}"""),
                Request("~", "{}"),
                """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"~","reason":"~"}}""",
                """{"jsonrpc":"2.0","method":"~","params":{}}""",
                """{"jsonrpc":"2.0","id":"~","result":{"~":1}}""",
                """{"jsonrpc":"2.0","id":"~","method":"tools/call","params":"~"}""",
                """{"jsonrpc":"2.0","~" """,
            ];
            foreach (var body in bodies)
            {
                await SendAsync(client, HttpMethod.Post, body, ("Mcp-Session-Id", session));
            }

            await SendAsync(client, HttpMethod.Post, bodies[0], ("Mcp-Session-Id", Mark));
            await SendAsync(client, HttpMethod.Get, null, ("Mcp-Session-Id", session), ("Last-Event-ID", $"{Mark}.1"));
            await SendAsync(client, HttpMethod.Post, bodies[0], ("Mcp-Session-Id", session), ("Origin", $"https://{Mark}.example"));
            await SendAsync(client, HttpMethod.Post, bodies[0], ("Mcp-Session-Id", session), ("Authorization", $"Bearer {Mark}"));
            await SendAsync(client, HttpMethod.Post, bodies[0], ("Mcp-Session-Id", session), ("MCP-Protocol-Version", Mark));
            await OpenAsync(client);
            Assert.Equal(HttpStatusCode.TooManyRequests, (await SendAsync(client, HttpMethod.Post, Initialize())).Status);
            Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(client, HttpMethod.Delete, null, ("Mcp-Session-Id", session))).Status);
            await AssertCleanAsync(server, session);
            Assert.Contains("of tenant t opened (Handshake)", server.Output, StringComparison.Ordinal);
            Assert.Contains("of tenant t ended by its owner", server.Output, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Nothing_that_a_stateless_era_client_sends_is_logged()
    {
        var (server, client) = await ServerProcess.StartAsync("Development", $"--Stateroom:ApiKeys:5:Key=key-{Mark}", "--Stateroom:ApiKeys:5:Tenant=t", "--Stateroom:ApiKeys:5:Owner=o");
        await using (server)
        using (client)
        {
            await ModernAsync(client, "tools/call", "get_current_weather", """{"name":"get_current_weather","arguments":{"city":"~"}""");
            await ModernAsync(client, "tools/call", "get_current_weather", """{"name":"get_current_weather","arguments":{"city":"Pune","session":"~"}""");
            await ModernAsync(client, "tools/call", "get_current_weather", """{"name":"get_current_weather","requestState":"~","arguments":{"city":"Pune"}""");
            await ModernAsync(client, "tools/call", Mark, """{"name":"^","arguments":{}""");
            await ModernAsync(client, "tools/call", Mark, """{"name":"~","arguments":{}""");
            await ModernAsync(client, "resources/read", $"weather://{Mark}%0a", """{"uri":"weather://^%0a" """);
            await ModernAsync(client, Mark, Mark, """{"name":"^" """);
            await ModernAsync(client, "server/discover", "", """{"name":"^" """);
            var saved = await ModernAsync(client, "tools/call", "save_place", """{"name":"save_place","arguments":{"label":"~","city":"~"}""");
            var handle = System.Text.RegularExpressions.Regex.Match(saved, "\"stateroom/session\":\"([^\"]+)\"").Groups[1].Value;
            Assert.NotEmpty(handle);
            await ModernAsync(client, "tools/call", "close_session", $$"""{"name":"close_session","arguments":{"session":"{{handle}}"}""");
            await AssertCleanAsync(server, handle);
        }
    }

    /// <summary>Paths and ids of traces are what clients choose. They are not so much as made, which each request would pay for.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_a_request_is_called_is_logged_only_where_somebody_asks_for_it(bool asked)
    {
        string[] scopes = ["--Logging:Console:FormatterOptions:IncludeScopes=true", .. asked ? ["--Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics=Warning"] : Array.Empty<string>()];
        var (server, client) = await ServerProcess.StartAsync("Development", scopes);
        await using (server)
        using (client)
        {
            await SendAsync(client, HttpMethod.Post, "{}");
            await server.StopAsync();
            Assert.Contains("Refused a POST without a valid credential", server.Output, StringComparison.Ordinal);
            Assert.Equal(asked, server.Output.Contains("TraceId", StringComparison.Ordinal));
            Assert.Equal(asked, server.Output.Contains("RequestPath", StringComparison.Ordinal));
        }
    }

    private static async Task AssertCleanAsync(ServerProcess server, string session)
    {
        await server.StopAsync();
        Assert.Contains("Application is shutting down", server.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Mark, server.Output + server.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain(session, server.Output + server.Errors, StringComparison.Ordinal);
    }

    private static async Task<string> OpenAsync(HttpClient client)
    {
        var (status, _, session) = await SendAsync(client, HttpMethod.Post, Initialize());
        Assert.Equal(HttpStatusCode.OK, status);
        return session!;
    }

    private static string Initialize() => Request(
        "initialize", """{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"~","version":"~"}}""");

    private static string Request(string method, string parameters) => $$"""{"jsonrpc":"2.0","id":"~","method":"{{method}}","params":{{parameters}}}""";

    /// <param name="client">The client.</param>
    /// <param name="method">The method.</param>
    /// <param name="name">What <c>Mcp-Name</c> says.</param>
    /// <param name="parameters">The parameters, without the last brace.</param>
    private static async Task<string> ModernAsync(HttpClient client, string method, string name, string parameters)
    {
        var meta = """{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"~","version":"1"},"io.modelcontextprotocol/clientCapabilities":{"elicitation":{}}}""";
        return (await SendAsync(
            client, HttpMethod.Post, Request(method, $$"""{{parameters}},"_meta":{{meta}}}"""), ("MCP-Protocol-Version", "2026-07-28"), ("Mcp-Method", method), ("Mcp-Name", name))).Body;
    }

    private static async Task<(HttpStatusCode Status, string Body, string? Session)> SendAsync(
        HttpClient client, HttpMethod method, string? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, "mcp");
        request.Headers.TryAddWithoutValidation("Accept", "application/json, text/event-stream");
        request.Headers.TryAddWithoutValidation("User-Agent", Mark);
        if (body is not null)
        {
            request.Content = new StringContent(body.Replace("~", Forged, StringComparison.Ordinal).Replace("^", Mark, StringComparison.Ordinal), Encoding.UTF8, MediaTypeHeaderValue.Parse("application/json"));
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (!request.Headers.Contains("Authorization"))
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer key-{Mark}");
        }

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return (
            response.StatusCode,
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            response.Headers.TryGetValues("Mcp-Session-Id", out var session) ? session.Single() : null);
    }
}
