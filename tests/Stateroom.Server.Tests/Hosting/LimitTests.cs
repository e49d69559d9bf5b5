using System.Net;
using System.Net.Http.Headers;

namespace Stateroom.Server.Tests.Hosting;

/// <summary>The limits as the settings say them.</summary>
public sealed class LimitTests
{
    private const string Ping = """{"jsonrpc":"2.0","id":1,"method":"ping"}""";

    [Fact]
    public async Task Headers_beyond_their_size_are_refused()
    {
        var (server, client) = await ServerProcess.StartAsync("Development", "--Stateroom:MaxHeaderBytes=2048");
        await using (server)
        using (client)
        {
            Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, await SendAsync(client, "acme-alice", new string('x', 3000)));
            Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(client, "acme-alice", new string('x', 1000)));
        }
    }

    [Fact]
    public async Task In_development_no_rate_applies_but_one_that_is_set_for_its_tenant_alone()
    {
        var (server, client) = await ServerProcess.StartAsync(
            "Development", "--Stateroom:Tenants:0:Tenant=acme", "--Stateroom:Tenants:0:RequestRatePerTenant=1", "--Stateroom:Tenants:0:RequestBurstPerTenant=3");
        await using (server)
        using (client)
        {
            for (var i = 0; i < 3; i++)
            {
                Assert.Equal(HttpStatusCode.BadRequest, await SendAsync(client, i % 2 == 0 ? "acme-alice" : "acme-bob"));
            }

            // However slow this machine is: among so many there is one that comes too soon.
            var flood = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => SendAsync(client, "acme-bob")));
            Assert.Contains(HttpStatusCode.TooManyRequests, flood);
            var quiet = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => SendAsync(client, "globex-alice")));
            Assert.All(quiet, status => Assert.Equal(HttpStatusCode.BadRequest, status));
        }
    }

    [Fact]
    public async Task In_production_the_rate_of_an_owner_is_limited_without_a_setting()
    {
        var (server, client) = await ServerProcess.StartAsync(
            "Production", "--Stateroom:ApiKeys:0:Tenant=acme", "--Stateroom:ApiKeys:0:Owner=alice",
            $"--Stateroom:ApiKeys:0:KeyHash={Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("key"u8))}");
        await using (server)
        using (client)
        {
            var statuses = await Task.WhenAll(Enumerable.Range(0, 400).Select(_ => SendAsync(client, "key")));
            Assert.InRange(statuses.Count(status => status == HttpStatusCode.BadRequest), 40, 399);
            Assert.Contains(HttpStatusCode.TooManyRequests, statuses);
        }
    }

    /// <summary>Sends a message that needs a session and has none: 400 where it is let in.</summary>
    private static async Task<HttpStatusCode> SendAsync(HttpClient client, string key, string? header = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "mcp") { Content = new StringContent(Ping, MediaTypeHeaderValue.Parse("application/json")) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (header is not null)
        {
            request.Headers.Add("X-Large", header);
        }

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
