using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Stateroom.Isolation.Tests.Support;

namespace Stateroom.Isolation.Tests.Items;

/// <summary>Item 15: a token in the query string, a body or a cookie lets nobody in.</summary>
public abstract class Item15_QueryTokenTests(Servers servers)
{
    [Theory]
    [InlineData("access_token=acme-alice")]
    [InlineData("token=acme-alice")]
    [InlineData("api_key=acme-alice")]
    [InlineData("Authorization=Bearer%20acme-alice")]
    public async Task A_token_in_the_query_string_lets_nobody_in(string query)
    {
        using var alice = await servers.Here().OpenAsync();
        foreach (var instance in servers.Weather.Instances)
        {
            using var client = new RawClient(new Uri($"{instance.Endpoint}?{query}"), "") { SessionId = alice.SessionId };
            foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Delete])
            {
                Assert.Equal(HttpStatusCode.Unauthorized, (await Answer.OfAsync(client.SendAsync(method))).Status);
            }

            Assert.Equal(HttpStatusCode.Unauthorized, (await Answer.OfAsync(client.SendAsync(HttpMethod.Post, RawClient.Call("get_session_info")))).Status);
            client.SessionId = null;
            Assert.Equal(HttpStatusCode.Unauthorized, (await Answer.OfAsync(client.SendStatelessAsync("tools/list", []))).Status);
        }

        Assert.Contains("acme", await alice.CallTextAsync("get_session_info"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_in_a_form_or_a_cookie_lets_nobody_in()
    {
        using var client = servers.There("");

        Assert.Equal(HttpStatusCode.Unauthorized, (await Answer.OfAsync(client.SendAsync(
            HttpMethod.Post, Encoding.ASCII.GetBytes("access_token=acme-alice"), configure: request => request.Content!.Headers.ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded")))).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Answer.OfAsync(client.SendAsync(
            HttpMethod.Post, RawClient.Initialize(), configure: request => request.Headers.Add("Cookie", "access_token=acme-alice; Authorization=Bearer acme-alice")))).Status);
    }
}

[Collection(nameof(InProcess))]
public sealed class Item15_InProcess(InProcess servers) : Item15_QueryTokenTests(servers);

[Collection(nameof(OnRedis))]
public sealed class Item15_OnRedis(OnRedis servers) : Item15_QueryTokenTests(servers);
