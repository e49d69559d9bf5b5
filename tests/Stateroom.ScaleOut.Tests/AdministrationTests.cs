using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Stateroom.ScaleOut.Tests;

/// <summary>Administration at one instance of sessions that others serve.</summary>
public sealed class AdministrationTests
{
    private static readonly HttpClient _http = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_ended_at_one_instance_is_over_at_all_with_its_calls_and_streams()
    {
        await using var cluster = await Cluster.StartAsync(Cluster.Weather, instances: 2);
        using var alice = await Cluster.Client(cluster.A, "acme-alice").OpenAsync();
        using var bob = await Cluster.Client(cluster.A, "acme-bob").OpenAsync();
        using var globex = await Cluster.Client(cluster.B, "globex-alice").OpenAsync();
        using var elsewhere = Cluster.Client(cluster.B, alice, "acme-alice");
        using var general = await alice.StreamAsync(HttpMethod.Get);
        await general.ReadAsync(Token);
        using var call = await HeldCall.StartAsync(alice, "get_current_weather", """{"city":"Springfield"}""");

        var tenants = await GetAsync(cluster.B, "tenants");
        Assert.Equal([("acme", 2), ("globex", 1)], tenants["tenants"]!.AsArray().Select(t => ((string)t!["tenant"]!, (int)t["sessions"]!)));
        var shown = Assert.Single((await GetAsync(cluster.B, "tenants/acme/sessions?owner=alice"))["sessions"]!.AsArray())!;
        Assert.Equal(["general", "request"], shown["streams"]!.AsArray().Select(s => (string)s!["kind"]!).Order());
        Assert.Single(shown["streams"]!.AsArray().Select(s => (string)s!["instance"]!).Distinct());

        Assert.Equal(HttpStatusCode.NoContent, await DeleteAsync(cluster.B, $"tenants/acme/sessions/{shown["reference"]}"));
        Assert.Equal(HttpStatusCode.NotFound, (await RawClient.ReadAsync(elsewhere.SendAsync(HttpMethod.Post, RawClient.Call("get_session_info")))).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await RawClient.ReadAsync(alice.SendAsync(HttpMethod.Post, RawClient.Call("get_session_info")))).Status);
        Assert.Null(await general.ReadAsync(Token));
        Assert.Null(await call.Stream.ReadAsync(Token));

        Assert.Equal(HttpStatusCode.OK, await DeleteAsync(cluster.B, "tenants/acme/sessions?confirm=all"));
        Assert.Equal(HttpStatusCode.NotFound, (await RawClient.ReadAsync(bob.SendAsync(HttpMethod.Post, RawClient.Call("get_session_info")))).Status);
        Assert.Equal(HttpStatusCode.OK, (await RawClient.ReadAsync(globex.SendAsync(HttpMethod.Post, RawClient.Call("get_session_info")))).Status);

        // The log of each tells what was done there and what was refused there, and of whom only fingerprints.
        var fingerprint = ((string)shown["reference"]!)[..12];
        await cluster.B.PrintsAsync($"end session, tenant {tenants["tenants"]![0]!["fingerprint"]}, target {fingerprint}: done (1 sessions)", Token);
        await cluster.B.PrintsAsync("target -: done (1 sessions)", Token);
        await cluster.A.PrintsAsync($"Refused {shown["ownerFingerprint"]} a POST: session {fingerprint} is unknown, over or somebody else's.", Token);
        Assert.DoesNotContain(alice.SessionId!, cluster.A.Output + cluster.B.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("admin-token", cluster.A.Output + cluster.B.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Streams_of_an_instance_that_died_are_not_shown_as_open()
    {
        await using var cluster = await Cluster.StartAsync(Cluster.Weather, instances: 2);
        using var alice = await Cluster.Client(cluster.A, "acme-alice").OpenAsync();
        using var general = await alice.StreamAsync(HttpMethod.Get);
        await general.ReadAsync(Token);
        Assert.Single((await ShownAsync())["streams"]!.AsArray());
        Assert.Equal(2, (await GetAsync(cluster.B, "instances"))["instances"]!.AsArray().Count);

        await cluster.A.KillAsync();

        await Eventually.HoldsAsync(async () => (await ShownAsync())["streams"]!.AsArray().Count == 0, "The stream of a dead instance is still shown.", Token);
        await Eventually.HoldsAsync(async () => (await GetAsync(cluster.B, "instances"))["instances"]!.AsArray().Count == 1, "A dead instance is still listed.", Token);
        Assert.Equal("alice", (string?)(await ShownAsync())["owner"]);

        async Task<JsonNode> ShownAsync() => Assert.Single((await GetAsync(cluster.B, "tenants/acme/sessions"))["sessions"]!.AsArray())!;
    }

    private static async Task<JsonNode> GetAsync(Instance instance, string path)
    {
        using var response = await SendAsync(instance, HttpMethod.Get, path);
        var body = await response.Content.ReadAsStringAsync(Token);
        Assert.True(response.IsSuccessStatusCode, body);
        return JsonNode.Parse(body)!;
    }

    private static async Task<HttpStatusCode> DeleteAsync(Instance instance, string path)
    {
        using var response = await SendAsync(instance, HttpMethod.Delete, path);
        return response.StatusCode;
    }

    private static async Task<HttpResponseMessage> SendAsync(Instance instance, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, new Uri(instance.Endpoint, $"/admin/{path}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "admin-token");
        return await _http.SendAsync(request, Token);
    }
}
