using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;
using Stateroom.Diagnostics;
using Stateroom.Sessions;
using Stateroom.Tenancy;
using Stateroom.TestProcesses;
using Stateroom.TestProcesses.Telemetry;

namespace Stateroom.Server.Tests.Telemetry;

/// <summary>However many tenants there are, a scrape stays small, and nobody is named in it whom the settings do not name.</summary>
/// <remarks>Alone: an exporter hears the meters of the whole process by their name, those of other tests' servers, too.</remarks>
[Collection(nameof(ManyTenantsTests))]
[CollectionDefinition(nameof(ManyTenantsTests), DisableParallelization = true)]
public sealed class ManyTenantsTests
{
    private const int Tenants = 10_000;
    private const int Known = 150;
    private const int Named = 100;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_scrape_with_ten_thousand_tenants_stays_bounded()
    {
        await using var app = await LoopbackApp.StartAsync(
            services =>
            {
                services.AddStateroom();
                services.Configure<TelemetryOptions>(options =>
                {
                    options.MetricsInterval = TimeSpan.FromSeconds(1);
                    foreach (var tenant in Enumerable.Range(0, Known))
                    {
                        options.MetricsTenants.Add($"known-{tenant}");
                    }
                });
                services.AddOpenTelemetry().WithMetrics(metrics => metrics.AddMeter(StateroomTelemetry.MeterName).AddPrometheusExporter());
            },
            web => web.MapPrometheusScrapingEndpoint("/metrics"));
        var store = app.Services.GetRequiredService<ISessionStore>();
        for (var i = 0; i < Tenants; i++)
        {
            var caller = new Caller(new TenantId(i < Known ? $"known-{i}" : $"stranger-{i}"), "owner");
            var era = i % 4 == 0 ? SessionEra.Stateless : SessionEra.Handshake;
            var created = await store.CreateAsync(new NewSession { Caller = caller, Era = era }, Token);
            var claim = new SessionClaim(caller, created.Session!.Key.Id, era);
            await store.WriteStateAsync(claim, new StateWrite("state", 0, "{}"u8.ToArray()), Token);
        }

        Scrape scrape = null!;
        await Eventually.HoldsAsync(
            async () => (scrape = await Scrape.ReadAsync(app.Address, Token)).Sum("stateroom_sessions_live") == Tenants, "The sessions are not all told.", Token);
        Assert.Equal(Tenants, scrape.Sum("stateroom_sessions_opened_total"));
        Assert.Equal(Tenants - Named, scrape.Sum("stateroom_sessions_opened_total", ("stateroom_tenant", "other")));
        Assert.Equal(Tenants - Named, scrape.Sum("stateroom_sessions_live", ("stateroom_tenant", "other")));
        Assert.Equal(1, scrape.Sum("stateroom_sessions_live", ("stateroom_tenant", "known-99")));
        Assert.Equal(Tenants / 4, scrape.Sum("stateroom_sessions_live", ("stateroom_era", "stateless")));
        Assert.Equal(Tenants - (Tenants / 4), scrape.Sum("stateroom_sessions_live", ("stateroom_era", "handshake")));
        foreach (var metric in scrape.Names)
        {
            Assert.InRange(scrape.Values(metric, "stateroom_tenant").Count, 0, Named + 1);
        }

        Assert.DoesNotContain("stranger", scrape.Text, StringComparison.Ordinal);
        Assert.InRange(scrape.Count, Named, 15 * Named);
    }
}
