using System.Net;
using System.Text.Json.Nodes;
using Stateroom.Isolation.Tests.Support;

namespace Stateroom.Isolation.Tests.Items;

/// <summary>Item 13: a tenant that is named in a header, an argument, <c>_meta</c>, <c>clientInfo</c> or the address decides nothing; the verified credential does.</summary>
public abstract class Item13_ClaimedTenantTests(Servers servers)
{
    private static readonly string[] _headers =
    [
        "X-Tenant", "X-Tenant-Id", "Tenant", "X-Stateroom-Tenant", "Stateroom-Tenant", "stateroom:tenant", "X-Owner", "X-User", "X-Forwarded-User", "X-Remote-User",
        "X-Authenticated-User", "X-Api-Key", "Api-Key", "X-Original-Authorization", "Proxy-Authorization", "Mcp-Param-Tenant", "X-MS-Client-Principal",
    ];

    [Fact]
    public async Task A_header_session_is_the_credential_s_whatever_else_names_a_tenant()
    {
        using var client = new RawClient(Spoofed(servers.Weather.A.Endpoint), "globex-alice");
        var initialize = JsonNode.Parse(RawClient.Initialize())!.AsObject();
        initialize["params"]!["clientInfo"] = new JsonObject { ["name"] = "acme", ["version"] = "alice", ["tenant"] = "acme", ["owner"] = "alice" };
        initialize["params"]!["_meta"] = Meta();
        using (var response = await client.SendAsync(HttpMethod.Post, initialize.ToJsonString(), configure: Spoof))
        {
            client.SessionId = response.Headers.GetValues("Mcp-Session-Id").Single();
        }

        var answer = await Answer.OfAsync(client.SendAsync(
            HttpMethod.Post, RawClient.Call("get_session_info", """{"tenant":"acme","owner":"alice"}""", meta: Meta().ToJsonString()), configure: Spoof));

        AssertGlobex(answer);
        using var alice = servers.There(session: client.SessionId);
        Assert.Equal(HttpStatusCode.NotFound, (await Answer.OfAsync(alice.SendAsync(HttpMethod.Post, RawClient.Call("get_session_info")))).Status);
    }

    [Fact]
    public async Task A_room_of_the_stateless_era_is_the_credential_s_whatever_else_names_a_tenant()
    {
        using var client = new RawClient(Spoofed(servers.Weather.A.Endpoint), "globex-alice");
        var parameters = new JsonObject
        {
            ["name"] = "get_session_info",
            ["arguments"] = new JsonObject { ["tenant"] = "acme", ["owner"] = "alice" },
            ["_meta"] = Meta(),
        };
        parameters["_meta"]!["io.modelcontextprotocol/clientInfo"] = new JsonObject { ["name"] = "acme", ["version"] = "alice", ["tenant"] = "acme" };

        AssertGlobex(await Answer.OfAsync(client.SendStatelessAsync("tools/call", parameters, configure: Spoof)));
    }

    [Fact]
    public async Task Naming_the_tenant_of_a_session_does_not_open_it()
    {
        using var alice = await servers.Here().OpenAsync();
        await alice.SaveAsync("Secretville");
        using var modern = servers.Here();
        var handle = await modern.OpenRoomAsync("Secretville");
        foreach (var instance in servers.Weather.Instances)
        {
            using var mallory = new RawClient(Spoofed(instance.Endpoint), "globex-alice") { SessionId = alice.SessionId };
            var answer = await Answer.OfAsync(mallory.SendAsync(
                HttpMethod.Post, RawClient.Call("list_places", """{"tenant":"acme","owner":"alice"}""", meta: Meta().ToJsonString()), configure: Spoof));
            Assert.Equal(HttpStatusCode.NotFound, answer.Status);
            mallory.SessionId = null;
            var room = await Answer.OfToolAsync(mallory, "list_places", new() { ["session"] = handle, ["tenant"] = "acme" }, Spoof);
            Assert.True((bool?)room.Json["result"]!["isError"], room.Body);
        }
    }

    private static void AssertGlobex(Answer answer)
    {
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("globex", (string?)answer.Json["result"]!["structuredContent"]!["tenant"]);
        Assert.Equal("alice", (string?)answer.Json["result"]!["structuredContent"]!["owner"]);
    }

    private static Uri Spoofed(Uri endpoint) => new($"{endpoint}?tenant=acme&owner=alice&access_token=acme-alice");

    private static JsonObject Meta() => new() { ["tenant"] = "acme", ["owner"] = "alice", ["stateroom/tenant"] = "acme", ["stateroom/owner"] = "alice", ["stateroom:tenant"] = "acme" };

    private static void Spoof(HttpRequestMessage request)
    {
        foreach (var header in _headers)
        {
            request.Headers.TryAddWithoutValidation(header, header.Contains("Auth", StringComparison.Ordinal) || header.Contains("Key", StringComparison.Ordinal) ? "Bearer acme-alice" : "acme");
        }

        request.Headers.TryAddWithoutValidation("Cookie", "tenant=acme; owner=alice; access_token=acme-alice");
    }
}

[Collection(nameof(InProcess))]
public sealed class Item13_InProcess(InProcess servers) : Item13_ClaimedTenantTests(servers);

[Collection(nameof(OnRedis))]
public sealed class Item13_OnRedis(OnRedis servers) : Item13_ClaimedTenantTests(servers);
