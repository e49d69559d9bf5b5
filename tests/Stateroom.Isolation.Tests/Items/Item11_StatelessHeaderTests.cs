using System.Net;
using Stateroom.Isolation.Tests.Support;

namespace Stateroom.Isolation.Tests.Items;

/// <summary>Item 11: to a request of 2026-07-28 the header <c>Mcp-Session-Id</c> means nothing, none is minted, and GET and DELETE are not there.</summary>
public abstract class Item11_StatelessHeaderTests(Servers servers)
{
    [Theory]
    [InlineData("acme-alice")]
    [InlineData("acme-bob")]
    [InlineData("globex-alice")]
    public async Task The_session_header_is_ignored_whosesoever_session_it_names(string caller)
    {
        using var alice = await servers.Here().OpenAsync();
        await alice.SaveAsync("Secretville");
        foreach (var id in (string[])[alice.SessionId!, Servers.Never, "nonsense"])
        {
            using var modern = servers.There(caller);
            var plain = await Answer.OfToolAsync(modern, "list_places", []);
            var with = await Answer.OfToolAsync(modern, "list_places", [], request => request.Headers.Add("Mcp-Session-Id", id));
            Assert.Equal(plain, with);
            Assert.Equal(HttpStatusCode.OK, with.Status);
            Assert.DoesNotContain("Mcp-Session-Id", with.Headers, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("Secretville", with.Body, StringComparison.Ordinal);

            var written = await Answer.OfToolAsync(
                modern, "save_place", new() { ["label"] = "home", ["city"] = "Stolen" }, request => request.Headers.Add("Mcp-Session-Id", id));
            Assert.NotEqual(alice.SessionId, (string?)written.Json["result"]!["_meta"]!["stateroom/session"]);
            Assert.DoesNotContain("Mcp-Session-Id", written.Headers, StringComparison.OrdinalIgnoreCase);
        }

        var places = await alice.CallTextAsync("list_places");
        Assert.Contains("Secretville", places, StringComparison.Ordinal);
        Assert.DoesNotContain("Stolen", places, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_and_delete_are_not_allowed_and_end_nothing()
    {
        using var alice = await servers.Here().OpenAsync();
        foreach (var instance in servers.Weather.Instances)
        {
            using var client = new RawClient(instance.Endpoint, "acme-alice");
            foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Delete])
            {
                var answer = await Answer.OfAsync(client.SendAsync(method, configure: request =>
                {
                    request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
                    request.Headers.Add("Mcp-Session-Id", alice.SessionId);
                }));
                Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.Status);
                Assert.Contains("Allow: POST", answer.Headers, StringComparison.Ordinal);
            }
        }

        Assert.Contains("acme", await alice.CallTextAsync("get_session_info"), StringComparison.Ordinal);
    }
}

[Collection(nameof(InProcess))]
public sealed class Item11_InProcess(InProcess servers) : Item11_StatelessHeaderTests(servers);

[Collection(nameof(OnRedis))]
public sealed class Item11_OnRedis(OnRedis servers) : Item11_StatelessHeaderTests(servers);
