using System.Net;
using Stateroom.ScaleOut.Tests.Support;
using Stateroom.TestProcesses.Conformance;

namespace Stateroom.ScaleOut.Tests;

/// <summary>Clients of other people's making and the official conformance suite, where each request may meet another instance.</summary>
public sealed class BalancerTests(BalancedClusters clusters) : IClassFixture<BalancedClusters>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("life-v1.mjs")]
    [InlineData("life-v2-handshake.mjs")]
    [InlineData("life-v2-stateless.mjs")]
    public Task A_TypeScript_client_leads_a_whole_life_over_all_instances(string script) =>
        NodeScript.RunAsync(script, clusters.Weather.Endpoint, clusters.Conformance.Endpoint, Token);

    [Theory]
    [InlineData("life-v1.mjs")]
    [InlineData("life-v2-stateless.mjs")]
    public async Task A_TypeScript_client_leads_a_whole_life_behind_haproxy(string script)
    {
        await using var weather = await clusters.Weather.BalanceAsync("haproxy/haproxy.cfg");
        await using var conformance = await clusters.Conformance.BalanceAsync("haproxy/haproxy.cfg");

        await NodeScript.RunAsync(script, new Uri(weather.Address, "/mcp"), new Uri(conformance.Address, "/mcp"), Token);
    }

    [Theory]
    [InlineData("nginx/round-robin.conf")]
    [InlineData("nginx/affinity.conf")]
    [InlineData("haproxy/haproxy.cfg")]
    public async Task Administration_is_not_reached_through_the_public_door(string file)
    {
        await using var balancer = await clusters.Weather.BalanceAsync(file);
        using var http = new HttpClient { DefaultRequestHeaders = { Authorization = new("Bearer", "admin-token") } };
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(clusters.Weather.A.Endpoint, "/admin/tenants"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(balancer.Address, "/health/live"));
        foreach (var path in (string[])["/admin", "/admin/tenants", "/ADMIN/tenants", "/%61dmin/tenants", "//admin/tenants", "/mcp/../admin/tenants", "/mcp/%2e%2e/admin/tenants", "/./admin/tenants?limit=1"])
        {
            Assert.Equal((path, HttpStatusCode.NotFound), (path, await StatusAsync(balancer.Address, path)));
        }

        async Task<HttpStatusCode> StatusAsync(Uri server, string path)
        {
            // As it stands, without a client's own tidying.
            var address = new Uri($"{server.GetLeftPart(UriPartial.Authority)}{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
            using var response = await http.GetAsync(address, Token);
            return response.StatusCode;
        }
    }

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task The_conformance_suite_passes_over_all_instances(string revision)
    {
        var required = ConformanceSuite.RequiredScenarios(revision).ToList();
        Assert.NotEmpty(required);

        var run = await ConformanceSuite.RunAsync(revision, clusters.Conformance.Endpoint);

        var failures = required.SelectMany(scenario => run.Checks.TryGetValue(scenario, out var checks)
            ? checks.Where(c => c.Status is "FAILURE").Select(c => $"{scenario}: {c.Id}: {c.ErrorMessage}")
            : [$"{scenario} was not run"]);
        Assert.Empty(failures);
        Assert.All(required, scenario => Assert.Contains(run.Checks[scenario], c => c.Status is "SUCCESS"));
    }
}
