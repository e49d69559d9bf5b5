using System.Net;
using Stateroom.Isolation.Tests.Support;

namespace Stateroom.Isolation.Tests.Items;

/// <summary>Item 12: a header that repeats the body and differs from it is refused, so that nothing in front of the server can be led astray by one.</summary>
public abstract class Item12_UncheckedHeaderTests(Servers servers)
{
    private const int HeaderMismatch = -32020;

    [Theory]
    [InlineData("Mcp-Method", "tools/list")]
    [InlineData("Mcp-Method", "TOOLS/CALL")]
    [InlineData("Mcp-Method", null)]
    [InlineData("Mcp-Name", "list_places")]
    [InlineData("Mcp-Name", "Save_Place")]
    [InlineData("Mcp-Name", null)]
    public async Task A_header_that_differs_from_the_body_is_refused_and_nothing_is_done(string header, string? value)
    {
        using var alice = servers.Here();
        var handle = await alice.OpenRoomAsync("Secretville");
        using var there = servers.There();

        var answer = await Answer.OfToolAsync(
            there, "save_place", new() { ["label"] = "home", ["city"] = "Elsewhere", ["session"] = handle }, request => Replace(request, header, value));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(HeaderMismatch, answer.ErrorCode);
        Assert.Contains("Secretville", await alice.InRoomAsync("list_places", handle), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_handle_header_that_differs_from_the_argument_is_refused_and_nothing_is_done()
    {
        await using var cluster = await servers.StartAsync(Cluster.Weather, "--Stateroom:HandleHeader=true");
        using var alice = Servers.Here(cluster);
        var one = await alice.OpenRoomAsync("Secretville");
        var two = await alice.OpenRoomAsync("Hideaway");
        using var bob = Servers.Here(cluster, "acme-bob");
        var foreign = await bob.OpenRoomAsync("Bobtown");
        using var there = Servers.There(cluster);
        foreach (var header in (string?[])[null, two, foreign, Servers.Never, one + ", " + two, one.ToUpperInvariant(), ""])
        {
            var answer = await Answer.OfToolAsync(
                there, "save_place", new() { ["label"] = "home", ["city"] = "Elsewhere", ["session"] = one }, request => Replace(request, "Mcp-Param-Session", header));
            Assert.True(answer.ErrorCode == HeaderMismatch, $"{header}: {answer}");
            Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        }

        var unnamed = await Answer.OfToolAsync(there, "list_places", [], request => Replace(request, "Mcp-Param-Session", one));
        Assert.Equal(HeaderMismatch, unnamed.ErrorCode);
        var right = await Answer.OfToolAsync(there, "list_places", new() { ["session"] = one }, request => Replace(request, "Mcp-Param-Session", one));
        Assert.Contains("Secretville", right.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("2025-11-25")]
    [InlineData("2024-11-05")]
    public async Task A_body_of_the_stateless_era_does_not_reach_a_header_session(string? version)
    {
        using var alice = await servers.Here().OpenAsync();
        await alice.SaveAsync("Secretville");
        using var there = servers.There();

        var answer = await Answer.OfToolAsync(there, "save_place", new() { ["label"] = "home", ["city"] = "Elsewhere" }, request =>
        {
            Replace(request, "MCP-Protocol-Version", version);
            request.Headers.Add("Mcp-Session-Id", alice.SessionId);
        });

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(HeaderMismatch, answer.ErrorCode);
        Assert.Contains("Secretville", await alice.CallTextAsync("list_places"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-07-28")]
    [InlineData("2099-01-01")]
    [InlineData("nonsense")]
    public async Task A_body_of_the_handshake_era_under_another_revision_does_not_reach_a_header_session(string version)
    {
        using var alice = await servers.Here().OpenAsync();
        await alice.SaveAsync("Secretville");
        using var client = servers.There();

        var answer = await Answer.OfAsync(client.SendAsync(HttpMethod.Post, RawClient.Call("save_place", """{"label":"home","city":"Elsewhere"}"""), configure: request =>
        {
            request.Headers.Add("MCP-Protocol-Version", version);
            request.Headers.Add("Mcp-Session-Id", alice.SessionId);
        }));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains("Secretville", await alice.CallTextAsync("list_places"), StringComparison.Ordinal);
    }

    private static void Replace(HttpRequestMessage request, string header, string? value)
    {
        request.Headers.Remove(header);
        if (value is not null)
        {
            request.Headers.TryAddWithoutValidation(header, value);
        }
    }
}

[Collection(nameof(InProcess))]
public sealed class Item12_InProcess(InProcess servers) : Item12_UncheckedHeaderTests(servers);

[Collection(nameof(OnRedis))]
public sealed class Item12_OnRedis(OnRedis servers) : Item12_UncheckedHeaderTests(servers);
