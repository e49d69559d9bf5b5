using System.Net;
using Stateroom.Isolation.Tests.Support;

namespace Stateroom.Isolation.Tests.Items;

/// <summary>Item 14: a page that was not invited is refused by its <c>Origin</c>, and a name that was pointed at this machine by the <c>Host</c>.</summary>
public abstract class Item14_OriginAndHostTests(Servers servers)
{
    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    [InlineData("http://localhost.evil.example")]
    [InlineData("http://127.0.0.1.evil.example")]
    [InlineData("http://evil.example:3000")]
    [InlineData("http://localhost, https://evil.example")]
    [InlineData("file://")]
    [InlineData("nonsense")]
    public async Task A_disallowed_origin_is_refused_and_nothing_is_done(string origin)
    {
        using var alice = await servers.Here().OpenAsync();
        await alice.SaveAsync("Secretville");
        using var modern = servers.There();
        var handle = await modern.OpenRoomAsync("Secretville");
        using var there = servers.There(session: alice.SessionId);

        foreach (var sending in (Task<HttpResponseMessage>[])
        [
            there.SendAsync(HttpMethod.Post, RawClient.Call("save_place", """{"label":"home","city":"Elsewhere"}"""), configure: Set),
            there.SendAsync(HttpMethod.Get, configure: Set),
            there.SendAsync(HttpMethod.Delete, configure: Set),
            modern.SendAsync(HttpMethod.Post, RawClient.Initialize(), configure: Set),
            modern.SendStatelessAsync("tools/call", new() { ["name"] = "close_session", ["arguments"] = new System.Text.Json.Nodes.JsonObject { ["session"] = handle } }, configure: Set),
        ])
        {
            var answer = await Answer.OfAsync(sending);
            Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
            Assert.DoesNotContain("Access-Control", answer.Headers, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("Mcp-Session-Id", answer.Headers, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Contains("Secretville", await alice.CallTextAsync("list_places"), StringComparison.Ordinal);
        Assert.Contains("Secretville", await modern.InRoomAsync("list_places", handle), StringComparison.Ordinal);

        void Set(HttpRequestMessage request) => request.Headers.TryAddWithoutValidation("Origin", origin);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("http://localhost:5173")]
    [InlineData("http://127.0.0.1:6274")]
    public async Task No_origin_and_those_of_this_machine_are_served(string? origin)
    {
        using var client = servers.There();

        var answer = await Answer.OfAsync(client.SendAsync(HttpMethod.Post, RawClient.Initialize(), configure: request =>
        {
            if (origin is not null)
            {
                request.Headers.Add("Origin", origin);
            }
        }));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:3000")]
    [InlineData("localhost.evil.example")]
    [InlineData("127.0.0.1.evil.example")]
    public async Task A_disallowed_host_is_refused_and_nothing_is_done(string host)
    {
        using var alice = await servers.Here().OpenAsync();
        using var there = servers.There(session: alice.SessionId);
        using var modern = servers.There();

        foreach (var sending in (Task<HttpResponseMessage>[])
        [
            there.SendAsync(HttpMethod.Get, configure: Set),
            there.SendAsync(HttpMethod.Delete, configure: Set),
            there.SendAsync(HttpMethod.Post, RawClient.Call("get_session_info"), configure: Set),
            modern.SendStatelessAsync("tools/list", [], configure: Set),
        ])
        {
            Assert.InRange((int)(await Answer.OfAsync(sending)).Status, 400, 499);
        }

        Assert.Contains("acme", await alice.CallTextAsync("get_session_info"), StringComparison.Ordinal);

        void Set(HttpRequestMessage request) => request.Headers.Host = host;
    }
}

[Collection(nameof(InProcess))]
public sealed class Item14_InProcess(InProcess servers) : Item14_OriginAndHostTests(servers);

[Collection(nameof(OnRedis))]
public sealed class Item14_OnRedis(OnRedis servers) : Item14_OriginAndHostTests(servers);
