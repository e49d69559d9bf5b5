using System.Net;
using System.Net.Http.Headers;

namespace Stateroom.Server.Tests.Hosting;

public sealed class AccessTests
{
    [Fact]
    public async Task It_is_alive_and_ready_for_anybody_and_weather_is_for_those_with_a_key()
    {
        var (server, client) = await ServerProcess.StartAsync("Development");
        await using (server)
        using (client)
        {
            Assert.Equal("Healthy", await client.GetStringAsync("health/live", TestContext.Current.CancellationToken));
            Assert.Equal("Healthy", await client.GetStringAsync("health/ready", TestContext.Current.CancellationToken));
            Assert.Equal((HttpStatusCode.Unauthorized, "Bearer realm=\"stateroom\""), await PostAsync(client, null));
            Assert.Equal((HttpStatusCode.Unauthorized, "Bearer realm=\"stateroom\", error=\"invalid_token\""), await PostAsync(client, "nobody"));
            foreach (var key in (string[])["dev-token", "acme-alice", "acme-bob", "globex-alice"])
            {
                Assert.NotEqual(HttpStatusCode.Unauthorized, (await PostAsync(client, key)).Status);
            }
        }
    }

    [Fact]
    public async Task Where_everybody_may_call_a_wrong_key_is_still_refused()
    {
        var (server, client) = await ServerProcess.StartAsync("Production", "--Stateroom:AllowAnonymous=true");
        await using (server)
        using (client)
        {
            Assert.NotEqual(HttpStatusCode.Unauthorized, (await PostAsync(client, null)).Status);
            Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync(client, "nobody")).Status);
        }
    }

    private static async Task<(HttpStatusCode Status, string? Challenge)> PostAsync(HttpClient client, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "mcp")
        {
            Content = new StringContent("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-03-26","capabilities":{}}}""", MediaTypeHeaderValue.Parse("application/json")),
        };
        request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return (response.StatusCode, response.Headers.NonValidated.TryGetValues("WWW-Authenticate", out var challenge) ? challenge.ToString() : null);
    }
}
