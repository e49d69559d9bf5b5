using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Stateroom.TestProcesses.Issuers;

namespace Stateroom.AspNetCore.Tests.Authentication;

public sealed class TokenTests
{
    private const string Metadata = "resource_metadata=\"https://mcp.example/.well-known/oauth-protected-resource/mcp\"";
    private const string NoToken = $"Bearer {Metadata}";
    private const string InvalidToken = $"Bearer error=\"invalid_token\", {Metadata}";

    [Fact]
    public async Task A_token_names_its_tenant_and_its_owner()
    {
        await using var server = await ResourceServer.StartAsync();
        Assert.Equal($"acme/{server.Acme.Address} alice", await WhoAsync(server, server.Token()));
        Assert.Equal($"globex/{server.Shared.Address} alice", await WhoAsync(server, server.SharedToken("globex")));
        Assert.Equal("acme/alice", await WhoAsync(server, "acme-key"));
    }

    [Fact]
    public async Task Equal_subjects_of_two_issuers_are_two_owners_of_one_tenant()
    {
        await using var server = await ResourceServer.StartAsync();
        using var alice = await server.Client(server.Token("alice")).OpenAsync();
        Assert.Equal("7", await alice.CallTextAsync("add", """{"n":7}"""));

        foreach (var other in (string[])[server.SharedToken("acme", "alice"), "acme-key", server.Token("bob")])
        {
            using var stranger = server.Client(other);
            stranger.SessionId = alice.SessionId;
            foreach (var method in (HttpMethod[])[HttpMethod.Post, HttpMethod.Get, HttpMethod.Delete])
            {
                using var response = await stranger.SendAsync(method, method == HttpMethod.Post ? RawClient.Call("get") : null);
                Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            }
        }

        Assert.Equal("7", await alice.CallTextAsync("get"));
    }

    [Fact]
    public async Task Another_token_of_the_same_owner_goes_on_with_the_session()
    {
        await using var server = await ResourceServer.StartAsync();
        using var first = await server.Client(server.Token()).OpenAsync();
        await first.CallTextAsync("add");
        using var second = server.Client(server.Token(changes: new() { ["jti"] = "another" }));
        second.SessionId = first.SessionId;
        Assert.Equal("2", await second.CallTextAsync("add"));
    }

    [Fact]
    public async Task Without_a_token_the_challenge_names_the_metadata_and_no_error()
    {
        await using var server = await ResourceServer.StartAsync();
        using var response = await server.PostAsync(null);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal(NoToken, ResourceServer.ChallengeOf(response));
    }

    public static TheoryData<string, string> BadTokens => new()
    {
        { "another audience", """{"aud":"https://other.example/mcp"}""" },
        { "no audience", """{"aud":null}""" },
        { "an audience that begins like ours", """{"aud":"https://mcp.example/mcp/more"}""" },
        { "expired", """{"exp":1700000000}""" },
        { "never expires", """{"exp":null}""" },
        { "not valid yet", """{"nbf":4000000000}""" },
        { "another issuer", """{"iss":"https://issuer.example"}""" },
        { "no issuer", """{"iss":null}""" },
        { "no owner", """{"sub":null}""" },
        { "an empty owner", """{"sub":""}""" },
        { "two owners", """{"sub":["alice","bob"]}""" },
        { "an owner that is no text", """{"sub":{"name":"alice"}}""" },
        { "an owner that is too long", $$"""{"sub":"{{new string('a', 1024)}}"}""" },
    };

    [Theory]
    [MemberData(nameof(BadTokens))]
    public async Task A_token_that_is_wrong_is_refused(string what, string changes)
    {
        await using var server = await ResourceServer.StartAsync();
        using var response = await server.PostAsync($"Bearer {server.Token(changes: JsonNode.Parse(changes)!.AsObject())}");
        Assert.True(response.StatusCode == HttpStatusCode.Unauthorized, what);
        Assert.Equal(InvalidToken, ResourceServer.ChallengeOf(response));
    }

    [Fact]
    public async Task A_token_without_a_good_signature_is_refused()
    {
        await using var server = await ResourceServer.StartAsync();
        using var foreign = SigningKey.NewRsa();
        var good = server.Token();
        var parts = good.Split('.');
        string[] bad =
        [
            server.Token(key: foreign),
            server.Token(key: foreign, header: new() { ["kid"] = server.Acme.Key.Id }),
            server.Token(header: new() { ["alg"] = "none" }),
            server.Token(header: new() { ["alg"] = "none", ["kid"] = null }),
            server.Token(header: new() { ["alg"] = "RS512" }),
            $"{parts[0]}.{parts[1]}.",
            $"{parts[0]}.{server.Token("bob").Split('.')[1]}.{parts[2]}",
            SignedWithThePublicKey(server),
            server.Shared.Issue(new() { ["iss"] = server.Acme.Address, ["sub"] = "alice", ["aud"] = ResourceServer.Resource, ["exp"] = server.In(TimeSpan.FromMinutes(5)) }),
            $"{good}, Bearer acme-key",
        ];
        foreach (var token in bad)
        {
            using var response = await server.PostAsync($"Bearer {token}");
            Assert.True(response.StatusCode == HttpStatusCode.Unauthorized, token);
            Assert.Equal(InvalidToken, ResourceServer.ChallengeOf(response));
        }

        using var fine = await server.PostAsync($"Bearer {good}");
        Assert.Equal(HttpStatusCode.OK, fine.StatusCode);
    }

    [Fact]
    public async Task A_token_in_the_address_is_never_read()
    {
        await using var server = await ResourceServer.StartAsync();
        foreach (var name in (string[])["access_token", "token", "authorization", "api_key"])
        {
            foreach (var token in (string[])[server.Token(), "acme-key"])
            {
                using var response = await server.PostAsync(null, query: $"?{name}={token}");
                Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
                Assert.Equal(NoToken, ResourceServer.ChallengeOf(response));
            }
        }
    }

    [Fact]
    public async Task A_token_names_only_the_tenant_that_its_issuer_may_name()
    {
        await using var server = await ResourceServer.StartAsync();
        var claims = new JsonObject
        {
            ["org"] = "globex",
            ["tenant"] = "globex",
            ["stateroom:tenant"] = "globex",
            ["stateroom:owner"] = "eve",
            ["Stateroom:Tenant"] = "globex",
            ["stateroom:every_scope"] = "",
        };
        Assert.Equal($"acme/{server.Acme.Address} alice", await WhoAsync(server, server.Token(changes: claims)));
        foreach (var changes in (string[])["""{"org":null}""", """{"org":""}""", """{"org":["acme","globex"]}"""])
        {
            using var response = await server.PostAsync($"Bearer {server.SharedToken("globex", changes: JsonNode.Parse(changes)!.AsObject())}");
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }
    }

    [Fact]
    public async Task Keys_that_are_rotated_are_found_and_old_ones_serve_no_longer()
    {
        await using var server = await ResourceServer.StartAsync(key: SigningKey.NewEc());
        using var old = server.Acme.Key;
        Assert.Equal($"acme/{server.Acme.Address} alice", await WhoAsync(server, server.Token()));

        using var fresh = SigningKey.NewRsa();
        server.Acme.Rotate(fresh);

        Assert.Equal($"acme/{server.Acme.Address} alice", await WhoAsync(server, server.Token()));
        using var refused = await server.PostAsync($"Bearer {server.Token(key: old)}");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(2, server.Acme.KeyRequests);

        // Strangers cannot have the issuer asked all the time, and whoever comes a minute later need not wait longer.
        using var newest = SigningKey.NewRsa();
        server.Acme.Rotate(newest);
        server.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal($"acme/{server.Acme.Address} alice", await WhoAsync(server, server.Token()));
        Assert.Equal(3, server.Acme.KeyRequests);
    }

    [Fact]
    public async Task A_token_that_cannot_be_checked_is_not_called_invalid()
    {
        await using var server = await ResourceServer.StartAsync();
        var token = server.Token();
        await server.Acme.DisposeAsync();
        using var response = await server.PostAsync($"Bearer {token}");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.NotNull(response.Headers.RetryAfter);
        Assert.Equal($"globex/{server.Shared.Address} alice", await WhoAsync(server, server.SharedToken("globex")));
    }

    [Fact]
    public async Task The_metadata_tells_where_tokens_come_from()
    {
        await using var server = await ResourceServer.StartAsync();
        using var http = new HttpClient();
        var text = await http.GetStringAsync(new Uri(server.Url, "/.well-known/oauth-protected-resource/mcp"), TestContext.Current.CancellationToken);
        var metadata = JsonNode.Parse(text)!;
        Assert.Equal(ResourceServer.Resource, (string?)metadata["resource"]);
        Assert.Equal([server.Acme.Address, server.Shared.Address], metadata["authorization_servers"]!.AsArray().Select(a => (string)a!));
        Assert.Equal(["header"], metadata["bearer_methods_supported"]!.AsArray().Select(a => (string)a!));
    }

    /// <summary>The old trick: the issuer's public key taken for a secret.</summary>
    private static string SignedWithThePublicKey(ResourceServer server)
    {
        var parts = server.Token(header: new() { ["alg"] = "HS256" }).Split('.');
        var secret = Encoding.UTF8.GetBytes(server.Acme.Key.ToJwk()["n"]!.GetValue<string>());
        var signature = HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"));
        return $"{parts[0]}.{parts[1]}.{System.Buffers.Text.Base64Url.EncodeToString(signature)}";
    }

    private static async Task<string> WhoAsync(ResourceServer server, string token)
    {
        using var client = await server.Client(token).OpenAsync();
        return await client.CallTextAsync("who");
    }
}
