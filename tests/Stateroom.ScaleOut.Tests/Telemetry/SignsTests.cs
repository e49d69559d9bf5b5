using System.Globalization;
using System.Net;
using Stateroom.TestProcesses.Telemetry;

namespace Stateroom.ScaleOut.Tests.Telemetry;

/// <summary>Four things that go wrong, each caused here, can be told apart from what <c>/metrics</c> says and nothing else.</summary>
public sealed class SignsTests
{
    private const string Conflicted = "acme-alice";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_store_is_down()
    {
        await using var cluster = await Cluster.StartAsync(Cluster.Weather, instances: 1);
        using var client = await Cluster.Client(cluster.A, key: "acme-alice").OpenAsync();
        await client.CallTextAsync("get_session_info");
        await ShowsAsync(new Signs(false, Signs.Nobody, false, Signs.Nobody), cluster.A);

        await cluster.Redis.KillAsync();
        using var refused = await client.SendAsync(HttpMethod.Post, RawClient.Call("get_session_info"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);

        await ShowsAsync(new Signs(true, Signs.Nobody, false, Signs.Nobody), cluster.A);
        await Eventually.HoldsAsync(
            async () =>
            {
                var scrape = await Scrape.ReadAsync(cluster.A.Endpoint, Token);
                return scrape.Sum("stateroom_redis_hearing") == 0 && scrape.Sum("stateroom_requests_total", ("http_response_status_code", "503")) == 1;
            },
            "It seems to hear the others, or to have answered.",
            Token);
    }

    [Fact]
    public async Task One_tenant_floods()
    {
        await using var cluster = await Cluster.StartAloneAsync(
            Cluster.Weather, "--Stateroom:Tenants:0:Tenant=acme", "--Stateroom:Tenants:0:RequestRatePerTenant=1", "--Stateroom:Tenants:0:RequestBurstPerTenant=5");
        using var acme = await Cluster.Client(cluster.A, key: "acme-alice").OpenAsync();
        using var globex = await Cluster.Client(cluster.A, key: "globex-alice").OpenAsync();

        var statuses = await Task.WhenAll(Enumerable.Range(0, 60).Select(async _ => (await RawClient.ReadAsync(acme.SendAsync(HttpMethod.Post, RawClient.Call("get_session_info")))).Status));
        await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => globex.CallTextAsync("get_session_info")));

        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);
        await ShowsAsync(new Signs(false, "acme", false, Signs.Nobody), cluster.A);
        var scrape = await Scrape.ReadAsync(cluster.A.Endpoint, Token);
        Assert.Equal(statuses.Count(s => s == HttpStatusCode.TooManyRequests), scrape.Sum("stateroom_limit_rejections_total", ("stateroom_limit", "RequestRatePerTenant")));
    }

    [Fact]
    public async Task Many_write_to_one_session()
    {
        await using var cluster = await Cluster.StartAsync(Cluster.Weather, instances: 2);
        using var a = await Cluster.Client(cluster.A, key: Conflicted).OpenAsync();
        using var b = Cluster.Client(cluster.B, a, key: Conflicted);

        // Whether two meet is chance; among so many some do, sooner or later.
        var round = 0;
        await Eventually.HoldsAsync(
            async () =>
            {
                var units = round++ % 2 == 0 ? """{"units":"imperial"}""" : """{"units":"metric"}""";
                await Task.WhenAll(Enumerable.Range(0, 16).Select(i => (i % 2 == 0 ? a : b).CallTextAsync(
                    "save_place", string.Create(CultureInfo.InvariantCulture, $$"""{"label":"{{i}}","city":"Pune{{round}}"}"""))));
                await a.CallTextAsync("set_preferred_units", units);
                return (await Signs.ReadAsync(Token, cluster.A, cluster.B)).Conflicts;
            },
            "Nobody met.",
            Token);

        await ShowsAsync(new Signs(false, Signs.Nobody, true, Signs.Nobody), cluster.A, cluster.B);
        var scrapes = await Task.WhenAll(cluster.Instances.Select(i => Scrape.ReadAsync(i.Endpoint, Token)));
        Assert.True(scrapes.Sum(s => s.Sum("stateroom_state_retries_total", ("stateroom_tenant", "acme"))) > 0);
        Assert.Equal(0, scrapes.Sum(s => s.Sum("stateroom_state_abandoned_total")));
    }

    [Fact]
    public async Task Clients_never_end_their_sessions()
    {
        await using var cluster = await Cluster.StartAloneAsync(Cluster.Weather, "--Stateroom:MetricsInterval=00:00:01");
        for (var i = 0; i < 20; i++)
        {
            using var forgetful = await Cluster.Client(cluster.A, key: "acme-alice").OpenAsync();
            using var tidy = await Cluster.Client(cluster.A, key: "globex-alice").OpenAsync();
            using var ended = await tidy.SendAsync(HttpMethod.Delete);
            Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        }

        await ShowsAsync(new Signs(false, Signs.Nobody, false, "acme"), cluster.A);
        await Eventually.HoldsAsync(
            async () =>
            {
                var scrape = await Scrape.ReadAsync(cluster.A.Endpoint, Token);
                return scrape.Sum("stateroom_sessions_live", ("stateroom_tenant", "acme"), ("stateroom_era", "handshake")) == 20
                    && scrape.Sum("stateroom_sessions_live", ("stateroom_tenant", "acme")) == 20
                    && scrape.Sum("stateroom_sessions_live", ("stateroom_tenant", "globex")) == 0
                    && scrape.Sum("stateroom_limit_used", ("stateroom_tenant", "acme"), ("stateroom_limit", "MaxSessionsPerTenant")) == 20
                    && scrape.Sum("stateroom_limit_maximum", ("stateroom_tenant", "acme"), ("stateroom_limit", "MaxSessionsPerTenant")) == 1000;
            },
            "The live sessions are not told.",
            Token);
    }

    /// <summary>A scrape may be the one of a moment ago.</summary>
    private static Task ShowsAsync(Signs expected, params Instance[] instances) =>
        Eventually.HoldsAsync(async () => await Signs.ReadAsync(Token, instances) == expected, $"Not shown: {expected}", Token);
}
