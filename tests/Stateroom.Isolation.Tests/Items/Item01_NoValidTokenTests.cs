using System.Net;
using System.Text.Json.Nodes;
using Stateroom.Isolation.Tests.Support;

namespace Stateroom.Isolation.Tests.Items;

/// <summary>Item 1: a live session id and no valid token gives 401, and nothing is touched.</summary>
public abstract class Item01_NoValidTokenTests(Servers servers)
{
    private static readonly Dictionary<string, string[]> _credentials = new()
    {
        ["none"] = [],
        ["unknown key"] = ["Bearer not-a-key"],
        ["no key"] = ["Bearer"],
        ["another scheme"] = ["Basic YWNtZS1hbGljZTo="],
        ["half a key"] = ["Bearer acme-alic"],
        ["a key and more"] = ["Bearer acme-alice2"],
        ["the key in other letters"] = ["Bearer ACME-ALICE"],
        ["two keys"] = ["Bearer acme-alice", "Bearer acme-alice"],
        ["two keys in one"] = ["Bearer acme-alice, Bearer acme-alice"],
    };

    public static TheoryData<string> Credentials => [.. _credentials.Keys];

    [Theory]
    [MemberData(nameof(Credentials))]
    public async Task A_header_session_is_closed_to_who_has_no_valid_token(string credential)
    {
        using var alice = await servers.Here().OpenAsync();
        await alice.SaveAsync("Secretville");
        foreach (var instance in servers.Weather.Instances)
        {
            using var nobody = new RawClient(instance.Endpoint, "") { SessionId = alice.SessionId };
            await RefusedAsync(nobody.SendAsync(HttpMethod.Post, RawClient.Call("save_place", """{"label":"home","city":"Stolen"}"""), configure: Set(credential)));
            await RefusedAsync(nobody.SendAsync(HttpMethod.Get, configure: Set(credential)));
            await RefusedAsync(nobody.SendAsync(HttpMethod.Get, (string?)null, "g.0", Set(credential)));
            await RefusedAsync(nobody.SendAsync(HttpMethod.Delete, configure: Set(credential)));
            nobody.SessionId = null;
            await RefusedAsync(nobody.SendAsync(HttpMethod.Post, RawClient.Initialize(), configure: Set(credential)));
        }

        Assert.Contains("Secretville", await alice.CallTextAsync("list_places"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Credentials))]
    public async Task A_handle_is_closed_to_who_has_no_valid_token(string credential)
    {
        using var alice = servers.Here();
        var handle = await alice.OpenRoomAsync("Secretville");
        foreach (var instance in servers.Weather.Instances)
        {
            using var nobody = new RawClient(instance.Endpoint, "");
            foreach (var tool in (string[])["list_places", "close_session"])
            {
                await RefusedAsync(nobody.SendStatelessAsync(
                    "tools/call", new() { ["name"] = tool, ["arguments"] = new JsonObject { ["session"] = handle } }, configure: Set(credential)));
            }
        }

        Assert.Contains("Secretville", await alice.InRoomAsync("list_places", handle), StringComparison.Ordinal);
    }

    private static Action<HttpRequestMessage> Set(string credential) =>
        request => request.Headers.TryAddWithoutValidation("Authorization", _credentials[credential]);

    private static async Task RefusedAsync(Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains(response.Headers.WwwAuthenticate, challenge => challenge.Scheme == "Bearer");
        Assert.False(response.Headers.Contains("Mcp-Session-Id"));
    }
}

[Collection(nameof(InProcess))]
public sealed class Item01_InProcess(InProcess servers) : Item01_NoValidTokenTests(servers);

[Collection(nameof(OnRedis))]
public sealed class Item01_OnRedis(OnRedis servers) : Item01_NoValidTokenTests(servers);
