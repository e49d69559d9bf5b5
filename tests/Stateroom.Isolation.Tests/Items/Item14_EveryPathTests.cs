using System.Net;
using Stateroom.Isolation.Tests.Support;

namespace Stateroom.Isolation.Tests.Items;

/// <summary>Item 14: what is refused is refused on every path of every instance, and what is allowed is told to those pages only that are named.</summary>
public abstract class Item14_EveryPathTests(Servers servers)
{
    private static readonly string[] _paths = ["/mcp", "/health/live", "/health/ready", "/metrics", "/admin/tenants", "/.well-known/oauth-protected-resource", "/"];

    [Fact]
    public async Task A_stranger_of_a_host_or_of_a_page_gets_no_further_than_the_door()
    {
        foreach (var instance in servers.Weather.Instances)
        {
            foreach (var path in _paths)
            {
                using var client = new RawClient(new Uri(instance.Endpoint, path), "acme-alice");
                foreach (var change in (Action<HttpRequestMessage>[])
                [
                    request => request.Headers.Host = "evil.example",
                    request => request.Headers.Add("Origin", "https://evil.example"),
                    request => request.Headers.Add("Origin", "null"),
                ])
                {
                    var answer = await Answer.OfAsync(client.SendAsync(HttpMethod.Get, configure: change));
                    Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
                    Assert.DoesNotContain("Access-Control", answer.Headers, StringComparison.OrdinalIgnoreCase);
                    Assert.Contains("X-Content-Type-Options: nosniff", answer.Headers, StringComparison.Ordinal);
                    Assert.DoesNotContain("Server:", answer.Headers, StringComparison.Ordinal);
                }
            }
        }
    }

    [Fact]
    public async Task Names_and_pages_that_are_configured_are_served_at_every_instance_and_no_others()
    {
        await using var cluster = await servers.StartAsync(Cluster.Weather, "--Stateroom:AllowedHosts:0=*.mcp.example", "--Stateroom:AllowedOrigins:0=https://app.example");
        foreach (var instance in cluster.Instances)
        {
            using var client = new RawClient(instance.Endpoint, "acme-alice");
            foreach (var (host, origin, status) in (IEnumerable<(string, string, HttpStatusCode)>)
            [
                ("eu.mcp.example", "https://app.example", HttpStatusCode.OK),
                ("mcp.example", "https://app.example", HttpStatusCode.Forbidden),
                ("eu.mcp.example", "http://app.example", HttpStatusCode.Forbidden),
            ])
            {
                var answer = await Answer.OfAsync(client.SendAsync(HttpMethod.Post, RawClient.Initialize(), configure: request =>
                {
                    request.Headers.Host = host;
                    request.Headers.Add("Origin", origin);
                }));
                Assert.Equal(status, answer.Status);
                Assert.Equal(status == HttpStatusCode.OK, answer.Headers.Contains("Access-Control-Allow-Origin: https://app.example", StringComparison.Ordinal));
            }
        }
    }
}

[Collection(nameof(InProcess))]
public sealed class Item14_EveryPathInProcess(InProcess servers) : Item14_EveryPathTests(servers);

[Collection(nameof(OnRedis))]
public sealed class Item14_EveryPathOnRedis(OnRedis servers) : Item14_EveryPathTests(servers);
