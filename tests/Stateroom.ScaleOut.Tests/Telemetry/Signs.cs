using Stateroom.TestProcesses.Telemetry;

namespace Stateroom.ScaleOut.Tests.Telemetry;

/// <summary>What is wrong, as somebody tells who sees nothing but <c>/metrics</c>.</summary>
internal sealed record Signs(bool StoreDown, string Flooding, bool Conflicts, string NeverEnding)
{
    public const string Nobody = "";

    // Fewer sessions say nothing about the habits of a client.
    private const int Many = 10;

    public static async Task<Signs> ReadAsync(CancellationToken cancellationToken, params Instance[] instances)
    {
        var scrapes = await Task.WhenAll(instances.Select(i => Scrape.ReadAsync(i.Endpoint, cancellationToken)));
        var rejected = ByTenant("stateroom_limit_rejections_total").Where(tenant => tenant.Value > 0).Select(tenant => tenant.Key);
        var ended = ByTenant("stateroom_sessions_ended_total", ("stateroom_end_reason", "client"));
        var opened = ByTenant("stateroom_sessions_opened_total");
        return new(
            Sum("stateroom_session_lookups_total", ("stateroom_outcome", "unavailable")) > 0,
            string.Join(' ', rejected.Order()),
            Sum("stateroom_state_writes_total", ("stateroom_outcome", "conflict")) > 0,
            string.Join(' ', opened.Where(tenant => tenant.Value >= Many && ended.GetValueOrDefault(tenant.Key) < 0.1 * tenant.Value).Select(tenant => tenant.Key).Order()));

        double Sum(string metric, params (string, string)[] labels) => scrapes.Sum(scrape => scrape.Sum(metric, labels));

        Dictionary<string, double> ByTenant(string metric, params (string, string)[] labels) => scrapes
            .SelectMany(scrape => scrape.Values(metric, "stateroom_tenant")).Distinct()
            .ToDictionary(tenant => tenant, tenant => Sum(metric, [("stateroom_tenant", tenant), .. labels]));
    }
}
