using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Stateroom.AspNetCore.Authentication;
using Stateroom.AspNetCore.Tenancy;

namespace Stateroom.Server.Tests.Authentication;

public sealed class ApiKeyTests : IAsyncLifetime
{
    // printf %s hashed-key | sha256sum
    private const string HashOfHashedKey = "a4ae87b73fa5645e6aee415a6f72be4dcbd99d057a7b40cb1b867c181d179260";
    private LoopbackApp _app = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await LoopbackApp.StartAsync(
            services =>
            {
                services.AddAuthorization();
                services.AddAuthentication(ApiKeyDefaults.AuthenticationScheme).AddApiKeys(options =>
                {
                    options.AllowPlainKeys = true;
                    options.Keys.Add(new() { Key = "plain-key", Tenant = "acme", Owner = "alice" });
                    options.Keys.Add(new() { KeyHash = "sha256:" + HashOfHashedKey, Tenant = "globex", Owner = "alice" });
                    options.Keys.Add(new() { KeyHash = Sha256("bare-hash").ToUpperInvariant(), Tenant = "initech", Owner = "bob" });
                });
            },
            app =>
            {
                app.UseAuthentication();
                app.UseAuthorization();
                app.MapGet("/", (HttpContext context) => context.User.Claims.ToDictionary(c => c.Type, c => c.Value)).RequireAuthorization();
            });
        _client = new HttpClient { BaseAddress = _app.Address };
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    [Theory]
    [InlineData("plain-key", "acme", "alice")]
    [InlineData("hashed-key", "globex", "alice")]
    [InlineData("bare-hash", "initech", "bob")]
    public async Task A_known_key_names_tenant_and_owner(string key, string tenant, string owner)
    {
        using var response = await SendAsync($"Bearer {key}");

        var claims = await response.Content.ReadFromJsonAsync<Dictionary<string, string>>(TestContext.Current.CancellationToken);
        Assert.Equal(tenant, claims![StateroomClaims.Tenant]);
        Assert.Equal(owner, claims[StateroomClaims.Owner]);
        Assert.Equal(owner, claims["sub"]);
        Assert.True(claims.ContainsKey(StateroomClaims.EveryScope));
        Assert.Equal(4, claims.Count);
    }

    [Theory]
    [InlineData("bearer plain-key")]
    [InlineData("BEARER   plain-key")]
    public async Task The_scheme_is_read_whatever_its_case(string authorization)
    {
        using var response = await SendAsync(authorization);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Basic cGxhaW4ta2V5Og==")]
    [InlineData("Bearer")]
    [InlineData("Bearerplain-key")]
    [InlineData("plain-key")]
    public async Task Without_a_key_the_challenge_names_no_error(string? authorization)
    {
        using var response = await SendAsync(authorization);
        await AssertRefusedAsync(response, "Bearer realm=\"stateroom\"");
    }

    [Theory]
    [InlineData("Bearer nobody")]
    [InlineData("Bearer plain-ke")]
    [InlineData("Bearer plain-key2")]
    [InlineData("Bearer Plain-Key")]
    [InlineData("Bearer plain-key hashed-key")]
    [InlineData("Bearer plain-key, Bearer hashed-key")]
    public async Task An_unknown_key_is_called_an_invalid_token(string authorization)
    {
        using var response = await SendAsync(authorization);
        await AssertRefusedAsync(response, "Bearer realm=\"stateroom\", error=\"invalid_token\"");
    }

    [Fact]
    public async Task A_key_is_never_taken_for_its_hash()
    {
        using var response = await SendAsync($"Bearer {HashOfHashedKey}");
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Theory]
    [InlineData("?access_token=plain-key")]
    [InlineData("?api_key=plain-key")]
    [InlineData("?key=plain-key")]
    public async Task A_key_in_the_address_is_not_looked_for(string query)
    {
        using var response = await _client.GetAsync(query, TestContext.Current.CancellationToken);
        await AssertRefusedAsync(response, "Bearer realm=\"stateroom\"");
    }

    [Fact]
    public async Task Two_authorization_headers_are_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.TryAddWithoutValidation("Authorization", ["Bearer plain-key", "Bearer hashed-key"]);
        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    private static string Sha256(string key) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key)));

    private static async Task AssertRefusedAsync(HttpResponseMessage response, string challenge)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal([challenge], response.Headers.NonValidated["WWW-Authenticate"].ToArray());
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    private async Task<HttpResponseMessage> SendAsync(string? authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        return await _client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
