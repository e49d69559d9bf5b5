using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using Stateroom.AspNetCore.Tests.Support;
using Stateroom.Messaging;
using Stateroom.Sessions;

namespace Stateroom.AspNetCore.Tests.Handshake;

public class SubscriptionTests
{
    [Fact]
    public async Task A_session_subscribes_to_so_many_resources_and_is_told_the_limit()
    {
        await using var server = await SessionServer.StartAsync(s => s.Configure<SessionOptions>(o => o.MaxSubscriptions = 2));
        using var client = await server.Client().OpenAsync();
        using var stream = await client.StreamAsync(HttpMethod.Get);
        await SendAsync(client, "subscribe", "room://a");
        await SendAsync(client, "subscribe", "room://b");

        var refused = (await SendAsync(client, "subscribe", "room://c"))["error"]!;
        Assert.Equal(-32602, (int)refused["code"]!);
        Assert.Contains("MaxSubscriptions allows (2)", (string?)refused["message"], StringComparison.Ordinal);

        await SendAsync(client, "unsubscribe", "room://a");
        Assert.NotNull((await SendAsync(client, "subscribe", "room://c"))["result"]);
    }

    [Fact]
    public async Task What_the_host_refuses_is_not_remembered_and_what_the_limit_refuses_the_host_never_sees()
    {
        var asked = new List<string>();
        await using var server = await SessionServer.StartAsync(
            s => s.Configure<SessionOptions>(o => o.MaxSubscriptions = 1),
            mcp => mcp.WithSubscribeToResourcesHandler((request, _) =>
            {
                asked.Add(request.Params.Uri);
                return request.Params.Uri == "room://nowhere" ? throw new McpProtocolException("No such room.", McpErrorCode.ResourceNotFound) : new(new ModelContextProtocol.Protocol.EmptyResult());
            }));
        using var client = await server.Client().OpenAsync();

        Assert.Contains("No such room", (await SendAsync(client, "subscribe", "room://nowhere"))["error"]!.ToJsonString(), StringComparison.Ordinal);
        var outbox = server.Services.GetRequiredService<ISessionOutbox>();
        Assert.Empty(await outbox.FindSubscribersAsync(null, new(TopicKind.Resource, "room://nowhere"), TestContext.Current.CancellationToken));
        Assert.NotNull((await SendAsync(client, "subscribe", "room://a"))["result"]);
        Assert.NotNull((await SendAsync(client, "subscribe", "room://b"))["error"]);
        Assert.Equal(["room://nowhere", "room://a"], asked);
    }

    private static async Task<JsonObject> SendAsync(RawClient client, string verb, string uri)
    {
        var request = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = $"resources/{verb}", ["params"] = new JsonObject { ["uri"] = uri } };
        var (status, body) = await RawClient.ReadAsync(client.SendAsync(HttpMethod.Post, request.ToJsonString()));
        Assert.Equal(HttpStatusCode.OK, status);
        return JsonNode.Parse(body)!.AsObject();
    }
}
