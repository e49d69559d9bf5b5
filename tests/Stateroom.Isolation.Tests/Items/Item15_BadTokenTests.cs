using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Stateroom.Isolation.Tests.Support;
using Stateroom.TestProcesses.Issuers;

namespace Stateroom.Isolation.Tests.Items;

/// <summary>Item 15: a token with a wrong audience, issuer, time or signature, or one in the query string, gives 401, also with the id of a session that is there.</summary>
public abstract class Item15_BadTokenTests(Servers servers)
{
    [Fact]
    public async Task A_token_that_is_wrong_in_any_respect_lets_nobody_in()
    {
        await using var tokens = await TokenCluster.StartAsync(servers);
        using var alice = await Servers.Here(tokens.Weather, TokenCluster.Token(tokens.Acme)).OpenAsync();
        await alice.SaveAsync("Secretville");
        foreach (var (what, token) in BadTokens(tokens))
        {
            foreach (var instance in tokens.Weather.Instances)
            {
                using var client = new RawClient(instance.Endpoint, token);
                await RefusedAsync(client, alice.SessionId!, what);
            }
        }

        Assert.Contains("Secretville", await alice.CallTextAsync("list_places"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_good_token_in_the_query_string_lets_nobody_in()
    {
        await using var tokens = await TokenCluster.StartAsync(servers);
        var token = TokenCluster.Token(tokens.Acme);
        using var alice = await Servers.Here(tokens.Weather, token).OpenAsync();
        foreach (var instance in tokens.Weather.Instances)
        {
            using var client = new RawClient(new Uri($"{instance.Endpoint}?access_token={token}"), "");
            await RefusedAsync(client, alice.SessionId!, "in the query string");
        }
    }

    private static async Task RefusedAsync(RawClient client, string session, string what)
    {
        client.SessionId = session;
        await IsAsync(client.SendAsync(HttpMethod.Post, RawClient.Call("list_places")));
        await IsAsync(client.SendAsync(HttpMethod.Get));
        await IsAsync(client.SendAsync(HttpMethod.Delete));
        client.SessionId = null;
        await IsAsync(client.SendAsync(HttpMethod.Post, RawClient.Initialize()));
        await IsAsync(client.SendStatelessAsync("tools/list", []));

        async Task IsAsync(Task<HttpResponseMessage> sending)
        {
            using var response = await sending;
            Assert.True(response.StatusCode == HttpStatusCode.Unauthorized, $"{what}: {response.StatusCode}");
            Assert.Contains(response.Headers.WwwAuthenticate, challenge => challenge.Scheme == "Bearer");
        }
    }

    private static IEnumerable<(string What, string Token)> BadTokens(TokenCluster tokens)
    {
        using var foreign = SigningKey.NewRsa();
        var hour = TimeSpan.FromHours(1);
        var good = TokenCluster.Token(tokens.Acme).Split('.');
        (string, JsonObject)[] claims =
        [
            ("another audience", new() { ["aud"] = "https://other.example/mcp" }),
            ("no audience", new() { ["aud"] = null }),
            ("an issuer that nobody knows", new() { ["iss"] = "https://issuer.example" }),
            ("another known issuer", new() { ["iss"] = tokens.Another.Address }),
            ("no issuer", new() { ["iss"] = null }),
            ("expired", new() { ["exp"] = TokenCluster.In(-hour) }),
            ("never expires", new() { ["exp"] = null }),
            ("not valid yet", new() { ["nbf"] = TokenCluster.In(hour) }),
        ];
        return
        [
            .. claims.Select(wrong => (wrong.Item1, TokenCluster.Token(tokens.Acme, wrong.Item2))),
            ("signed with a key of somebody else", TokenCluster.Token(tokens.Acme, key: foreign)),
            ("signed with a key of somebody else under the name of a good one", TokenCluster.Token(tokens.Acme, key: foreign, header: new() { ["kid"] = tokens.Acme.Key.Id })),
            ("signed by another known issuer", TokenCluster.Token(tokens.Another, new JsonObject { ["iss"] = tokens.Acme.Address })),
            ("no algorithm", TokenCluster.Token(tokens.Acme, header: new() { ["alg"] = "none" })),
            ("no algorithm and no key", TokenCluster.Token(tokens.Acme, header: new() { ["alg"] = "none", ["kid"] = null })),
            ("no signature", $"{good[0]}.{good[1]}."),
            ("changed after it was signed", $"{good[0]}.{TokenCluster.Token(tokens.Acme, new JsonObject { ["sub"] = "bob" }).Split('.')[1]}.{good[2]}"),
            ("signed with the public key as a secret", SignedWithThePublicKey(tokens.Acme)),
        ];
    }

    private static string SignedWithThePublicKey(TokenIssuer issuer)
    {
        var parts = TokenCluster.Token(issuer, header: new() { ["alg"] = "HS256" }).Split('.');
        var secret = Encoding.UTF8.GetBytes((string)issuer.Key.ToJwk()["n"]!);
        return $"{parts[0]}.{parts[1]}.{Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}")))}";
    }
}

[Collection(nameof(InProcess))]
public sealed class Item15_TokensInProcess(InProcess servers) : Item15_BadTokenTests(servers);

[Collection(nameof(OnRedis))]
public sealed class Item15_TokensOnRedis(OnRedis servers) : Item15_BadTokenTests(servers);
