using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Stateroom.Server.Tests.Hosting;
using Stateroom.TestProcesses.Http;
using Stateroom.TestProcesses.Issuers;

namespace Stateroom.Server.Tests.Authentication;

/// <summary>The program with an authorization server, by settings alone.</summary>
public sealed class TokenSettingsTests
{
    private const string Resource = "https://mcp.example/mcp";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tokens_and_keys_are_taken_side_by_side_and_scopes_are_asked_for()
    {
        await using var issuer = await TokenIssuer.StartAsync(SigningKey.NewEc());
        var (server, http) = await ServerProcess.StartAsync(
            "Production",
            "--Weather:Provider=Sample",
            $"--Stateroom:Jwt:Resource={Resource}",
            $"--Stateroom:Jwt:Issuers:0:Authority={issuer.Address}",
            "--Stateroom:Jwt:Issuers:0:Tenant=acme",
            "--Stateroom:Scopes:0:Tool=save_place",
            "--Stateroom:Scopes:0:Scope=places:write",
            $"--Stateroom:ApiKeys:0:KeyHash={Sha256("narrow-key")}",
            "--Stateroom:ApiKeys:0:Tenant=acme",
            "--Stateroom:ApiKeys:0:Owner=bob",
            "--Stateroom:ApiKeys:0:Tools:0=get_current_weather");
        await using (server)
        using (http)
        {
            var mcp = new Uri(http.BaseAddress!, "mcp");
            var token = Token(issuer, "places:read");
            using var client = await new RawClient(mcp, token).OpenAsync();
            var info = JsonNode.Parse(await client.CallTextAsync("get_session_info"))!;
            Assert.Equal("acme", (string?)info["tenant"]);
            Assert.Equal($"{issuer.Address} alice", (string?)info["owner"]);

            using var refused = await client.SendAsync(HttpMethod.Post, RawClient.Call("save_place", """{"label":"home","city":"Pune"}"""));
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
            Assert.Equal(
                "Bearer error=\"insufficient_scope\", scope=\"places:write\", resource_metadata=\"https://mcp.example/.well-known/oauth-protected-resource/mcp\"",
                refused.Headers.NonValidated["WWW-Authenticate"].ToString());

            using var richer = new RawClient(mcp, Token(issuer, "places:read places:write")) { SessionId = client.SessionId };
            Assert.Contains("Pune", await richer.CallTextAsync("save_place", """{"label":"home","city":"Pune"}"""), StringComparison.Ordinal);

            using var narrow = await new RawClient(mcp, "narrow-key").OpenAsync();
            using var list = await narrow.SendAsync(HttpMethod.Post, """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""");
            var tools = (await RawClient.ReadResponseAsync(list))["result"]!["tools"]!.AsArray();
            Assert.Equal("get_current_weather", (string?)Assert.Single(tools)!["name"]);
            Assert.Equal(await AnswerAsync(narrow, "xxxx_xxxxx"), (await AnswerAsync(narrow, "save_place")).Replace("save_place", "xxxx_xxxxx", StringComparison.Ordinal));

            using var fresh = SigningKey.NewRsa();
            issuer.Rotate(fresh);
            Assert.Equal(HttpStatusCode.OK, await InitializeAsync(http, Token(issuer, "")));
            Assert.Equal(HttpStatusCode.Unauthorized, await InitializeAsync(http, issuer.Issue(new() { ["sub"] = "alice", ["aud"] = "https://other.example", ["exp"] = InFiveMinutes() })));

            var metadata = JsonNode.Parse(await http.GetStringAsync(".well-known/oauth-protected-resource/mcp", Cancellation))!;
            Assert.Equal(Resource, (string?)metadata["resource"]);
            Assert.Equal("places:write", (string?)Assert.Single(metadata["scopes_supported"]!.AsArray()));

            await server.StopAsync();
            Assert.All(token.Split('.'), part => Assert.DoesNotContain(part, server.Output + server.Errors, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("--Stateroom:Jwt:Issuers:0:Authority=https://auth.example", "Stateroom:Jwt:Resource is missing.", "Stateroom:Jwt:Issuers:0 has neither Tenant nor TenantClaim.")]
    [InlineData("--Stateroom:Jwt:Issuers:0:Authority=http://auth.example", "Stateroom:Jwt:Issuers:0:Authority is not https.")]
    [InlineData("--Stateroom:Jwt:Issuers:0:Authority=auth.example", "Stateroom:Jwt:Issuers:0:Authority is not an address such as")]
    [InlineData("--Stateroom:Jwt:Issuers:0:Tenant=acme", "Stateroom:Jwt:Issuers:0:Authority is missing.")]
    [InlineData("--Stateroom:Jwt:Resource=https://mcp.example", "Stateroom:Jwt:Resource is given, but no issuer.")]
    [InlineData("--Stateroom:Jwt:Issuers:0:Audience=x", "There is no setting Stateroom:Jwt:Issuers:0:Audience.")]
    [InlineData("--Stateroom:Scopes:0:Scope=x", "Stateroom:Scopes:0 has to name one thing.")]
    [InlineData("--Stateroom:Scopes:0:Tool=x", "Stateroom:Scopes:0:Scope is no scope.")]
    public async Task A_wrong_setting_stops_the_start_and_is_named(string argument, params string[] faults)
    {
        var (code, errors) = await ServerProcess.FailAsync("Production", "--Stateroom:AllowAnonymous=true", argument);
        Assert.Equal(2, code);
        Assert.All(faults, fault => Assert.Contains(fault, errors, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    private static string Token(TokenIssuer issuer, string scope) =>
        issuer.Issue(new() { ["sub"] = "alice", ["aud"] = Resource, ["exp"] = InFiveMinutes(), ["scope"] = scope });

    private static long InFiveMinutes() => TimeProvider.System.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds();

    private static async Task<string> AnswerAsync(RawClient client, string tool)
    {
        var (_, body) = await RawClient.ReadAsync(client.SendAsync(HttpMethod.Post, RawClient.Call(tool)));
        return body;
    }

    private static async Task<HttpStatusCode> InitializeAsync(HttpClient http, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "mcp") { Content = new StringContent(RawClient.Initialize(), MediaTypeHeaderValue.Parse("application/json")) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await http.SendAsync(request, Cancellation);
        return response.StatusCode;
    }

    private static string Sha256(string key) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key)));
}
