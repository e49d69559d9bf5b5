using System.Net;
using System.Text.Json.Nodes;
using Stateroom.AspNetCore.Tests.Support;

namespace Stateroom.AspNetCore.Tests.Handshake;

public class BatchTests
{
    private const string Ping = """{"jsonrpc":"2.0","id":"p","method":"ping"}""";
    private const string Cancel = """{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":99}}""";

    [Fact]
    public async Task The_revision_that_has_batches_gets_all_answers_in_one_array()
    {
        await using var server = await SessionServer.StartAsync();
        using var client = await new RawClient(server.Url, "acme/alice") { Version = "2025-03-26" }.OpenAsync();
        var (status, body) = await RawClient.ReadAsync(client.SendAsync(HttpMethod.Post, $" [{Ping},{Cancel},{RawClient.Call("add", id: "7")}]"));

        Assert.Equal(HttpStatusCode.OK, status);
        var answers = JsonNode.Parse(body)!.AsArray();
        Assert.Equal(["p", "7"], answers.Select(answer => answer!["id"]!.ToString()));
        Assert.Equal("1", RawClient.TextOf(answers[1]!.AsObject()));
    }

    [Fact]
    public async Task A_batch_without_requests_is_202()
    {
        await using var server = await SessionServer.StartAsync();
        using var client = await new RawClient(server.Url, "acme/alice") { Version = "2025-03-26" }.OpenAsync();
        Assert.Equal(HttpStatusCode.Accepted, (await RawClient.ReadAsync(client.SendAsync(HttpMethod.Post, $"[{Cancel}]"))).Status);
    }

    [Theory]
    [InlineData("2025-11-25", "[" + Ping + "]")]
    [InlineData("2025-06-18", "[" + Ping + "]")]
    [InlineData("2025-03-26", "[]")]
    [InlineData("2025-03-26", "[1]")]
    [InlineData("2025-03-26", "[" + Ping + "")]
    [InlineData("2025-03-26", """[{"jsonrpc":"2.0","id":1,"method":"initialize","params":{}}]""")]
    public async Task What_is_no_batch_of_the_revision_is_400(string version, string body)
    {
        await using var server = await SessionServer.StartAsync();
        using var client = await new RawClient(server.Url, "acme/alice") { Version = version }.OpenAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await RawClient.ReadAsync(client.SendAsync(HttpMethod.Post, body))).Status);
    }
}
