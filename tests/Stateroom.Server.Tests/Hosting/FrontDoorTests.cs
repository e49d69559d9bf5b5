using System.Net;
using System.Net.Http.Headers;

namespace Stateroom.Server.Tests.Hosting;

/// <summary>What the server refuses before anything else, on every path, and what it tells web pages.</summary>
public sealed class FrontDoorTests
{
    private const string App = "https://app.example";
    private static readonly string[] _paths = ["mcp", "health/live", "health/ready", "nowhere"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stranger_of_a_host_or_a_page_is_refused_on_every_path()
    {
        var (server, client) = await ServerProcess.StartAsync("Development");
        await using (server)
        using (client)
        {
            foreach (var path in _paths)
            {
                using var host = await SendAsync(client, HttpMethod.Get, path, host: "evil.example");
                using var page = await SendAsync(client, HttpMethod.Get, path, origin: "https://evil.example");
                using var opaque = await SendAsync(client, HttpMethod.Get, path, origin: "null");
                Assert.All((HttpResponseMessage[])[host, page, opaque], r => Assert.Equal(HttpStatusCode.Forbidden, r.StatusCode));
            }

            using var absent = await PostAsync(client);
            using var local = await PostAsync(client, origin: "http://localhost:5173");
            Assert.All((HttpResponseMessage[])[absent, local], r => Assert.Equal(HttpStatusCode.OK, r.StatusCode));
        }
    }

    [Fact]
    public async Task Every_answer_keeps_out_of_caches_and_frames_and_tells_nothing_of_the_server()
    {
        var (server, client) = await ServerProcess.StartAsync("Development");
        await using (server)
        using (client)
        {
            using var opened = await PostAsync(client);
            var session = opened.Headers.GetValues("Mcp-Session-Id").Single();
            using var stream = await SendAsync(client, HttpMethod.Get, "mcp", session: session);
            Assert.Equal("text/event-stream", stream.Content.Headers.ContentType?.MediaType);
            using var ended = await SendAsync(client, HttpMethod.Delete, "mcp", session: session);
            using var gone = await SendAsync(client, HttpMethod.Delete, "mcp", session: session);
            using var live = await SendAsync(client, HttpMethod.Get, "health/live");
            using var refused = await SendAsync(client, HttpMethod.Get, "health/live", host: "evil.example");
            using var nowhere = await SendAsync(client, HttpMethod.Get, "nowhere");
            using var unauthorised = await client.PostAsync(new Uri("mcp", UriKind.Relative), null, Cancel);
            using var options = await SendAsync(client, HttpMethod.Options, "mcp", origin: "http://localhost:5173");

            HttpResponseMessage[] answers = [opened, stream, ended, gone, live, refused, nowhere, unauthorised, options];
            Assert.Equal([200, 200, 204, 404, 200, 403, 404, 401], answers.Take(8).Select(r => (int)r.StatusCode));
            Assert.All(answers, answer =>
            {
                Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
                Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
                Assert.Contains("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
                Assert.True(answer.Headers.CacheControl?.NoStore, $"{answer.StatusCode} {answer.Headers.CacheControl}");
                Assert.False(answer.Headers.Contains("Server"));
                Assert.DoesNotContain(answer.Headers, h => h.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
            });
        }
    }

    [Fact]
    public async Task A_page_that_is_named_may_call_and_read_and_no_other()
    {
        var (server, client) = await ServerProcess.StartAsync("Development", $"--Stateroom:AllowedOrigins:0={App}", "--Stateroom:AllowedHosts:0=*.mcp.example");
        await using (server)
        using (client)
        {
            using var preflight = await SendAsync(client, HttpMethod.Options, "mcp", origin: App, configure: r =>
            {
                r.Headers.Authorization = null;
                r.Headers.Add("Access-Control-Request-Method", "DELETE");
                r.Headers.Add("Access-Control-Request-Headers", "authorization,mcp-session-id,mcp-param-session");
            });
            Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
            Assert.Equal(App, preflight.Headers.GetValues("Access-Control-Allow-Origin").Single());
            Assert.Contains("DELETE", string.Join(',', preflight.Headers.GetValues("Access-Control-Allow-Methods")), StringComparison.Ordinal);
            Assert.Contains("mcp-param-session", string.Join(',', preflight.Headers.GetValues("Access-Control-Allow-Headers")), StringComparison.Ordinal);
            Assert.False(preflight.Headers.Contains("Access-Control-Allow-Credentials"));

            using var opened = await PostAsync(client, origin: App, host: "eu.mcp.example");
            Assert.Equal(HttpStatusCode.OK, opened.StatusCode);
            Assert.Equal(App, opened.Headers.GetValues("Access-Control-Allow-Origin").Single());
            Assert.Contains("Mcp-Session-Id", string.Join(',', opened.Headers.GetValues("Access-Control-Expose-Headers")), StringComparison.Ordinal);

            using var unauthorised = await SendAsync(client, HttpMethod.Get, "mcp", origin: App, configure: r => r.Headers.Authorization = null);
            Assert.Equal(HttpStatusCode.Unauthorized, unauthorised.StatusCode);
            Assert.Contains("WWW-Authenticate", string.Join(',', unauthorised.Headers.GetValues("Access-Control-Expose-Headers")), StringComparison.Ordinal);

            using var other = await SendAsync(client, HttpMethod.Options, "mcp", origin: "https://evil.example", configure: r => r.Headers.Add("Access-Control-Request-Method", "POST"));
            using var local = await PostAsync(client, origin: "http://localhost:5173");
            using var health = await SendAsync(client, HttpMethod.Get, "health/live", origin: App);
            Assert.Equal([403, 200, 200], ((HttpResponseMessage[])[other, local, health]).Select(r => (int)r.StatusCode));
            Assert.All((HttpResponseMessage[])[other, local, health], r => Assert.False(r.Headers.Contains("Access-Control-Allow-Origin")));
            using var foreign = await PostAsync(client, host: "mcp.example");
            Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        }
    }

    [Theory]
    [InlineData(null, HttpStatusCode.OK)]
    [InlineData("127.0.0.0/8", HttpStatusCode.Forbidden)]
    [InlineData("192.0.2.1", HttpStatusCode.OK)]
    public async Task What_a_proxy_forwards_is_believed_only_of_those_that_are_named(string? proxy, HttpStatusCode status)
    {
        var (server, client) = await ServerProcess.StartAsync("Development", proxy is null ? [] : [$"--Stateroom:Proxies:0={proxy}"]);
        await using (server)
        using (client)
        {
            using var answer = await PostAsync(client, configure: r =>
            {
                r.Headers.Add("X-Forwarded-For", "198.51.100.7");
                r.Headers.Add("X-Forwarded-Host", "evil.example");
            });
            Assert.Equal(status, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("Stateroom:AllowPlainHttp=true", "--urls=http://0.0.0.0:0")]
    [InlineData("Stateroom:Proxies", "--urls=http://localhost:3000;http://mcp.example:3000")]
    [InlineData("http://*:8080 without TLS", "--urls=", "--http_ports=8080")]
    [InlineData("http://[::]:3000 without TLS", "--Kestrel:Endpoints:A:Url=http://[::]:3000")]
    [InlineData("Stateroom:AllowedHosts to the names", "--urls=https://0.0.0.0:0", "--Stateroom:AllowAnonymous=true")]
    [InlineData("Stateroom:AllowedHosts holds '*'", "--Stateroom:AllowedHosts:0=*")]
    [InlineData("Stateroom:AllowedOrigins holds '*'", "--Stateroom:AllowedOrigins:0=*")]
    [InlineData("Stateroom:Proxies holds '0.0.0.0/0'", "--Stateroom:Proxies:0=0.0.0.0/0")]
    [InlineData("believes whoever sends", "--ForwardedHeaders_Enabled=true")]
    [InlineData("Stateroom:KeyRing:Certificate is no certificate", "--Stateroom:KeyRing:Certificate:Path=no-such-file.pfx")]
    [InlineData("Stateroom:RefuseUnencrypted is set without", "--Stateroom:RefuseUnencrypted=true")]
    [InlineData("Stateroom:EncryptAtRest is set, but its keys would lie unprotected in the same Redis", "--Stateroom:EncryptAtRest=true", "--ConnectionStrings:Redis=127.0.0.1:1")]
    public async Task What_is_not_safe_does_not_start_in_production_and_is_named(string fault, params string[] arguments)
    {
        var (code, errors) = await ServerProcess.FailAsync(
            "Production",
            ["--Stateroom:ApiKeys:0:KeyHash=" + new string('a', 64), "--Stateroom:ApiKeys:0:Tenant=acme", "--Stateroom:ApiKeys:0:Owner=alice", .. arguments]);

        Assert.Equal(2, code);
        Assert.Contains(fault, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> PostAsync(HttpClient client, string? origin = null, string? host = null, Action<HttpRequestMessage>? configure = null) =>
        SendAsync(client, HttpMethod.Post, "mcp", host, origin, configure: request =>
        {
            request.Content = new StringContent(
                """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{}}}""", MediaTypeHeaderValue.Parse("application/json"));
            configure?.Invoke(request);
        });

    private static Task<HttpResponseMessage> SendAsync(
        HttpClient client, HttpMethod method, string path, string? host = null, string? origin = null, string? session = null, Action<HttpRequestMessage>? configure = null)
    {
        var request = new HttpRequestMessage(method, path) { Headers = { Host = host } };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "dev-token");
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        if (session is not null)
        {
            request.Headers.Add("Mcp-Session-Id", session);
        }

        configure?.Invoke(request);
        return client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
    }
}
