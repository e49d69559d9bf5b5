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
