using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Stateroom.Administration;
using Stateroom.Sessions;
using Names = Stateroom.Diagnostics.StateroomTelemetry;

namespace Stateroom.Diagnostics;

/// <summary>
/// Counts, now and then and beside all requests, what the backend holds: the sessions of each tenant and era, and how much of their limits those tenants use that have a
/// name in metrics. A collection reads the last count. Where the backend does not answer there is none: nothing is guessed.
/// </summary>
internal sealed class UsageSampler : BackgroundService
{
    private const int RestFactor = 10;

    private readonly IServiceProvider _services;
    private readonly IReadOnlyList<ITenantUsage> _usages;
    private readonly TenantLabels _labels;
    private readonly TimeProvider _time;
    private readonly TimeSpan _interval;
    private readonly ILogger _logger;
    private readonly SessionMetrics _metrics;
    private readonly Instrument[] _gauges;
    private volatile Sample _sample = Sample.None;

    public UsageSampler(
        IServiceProvider services, IEnumerable<ITenantUsage> usages, TenantLabels labels, SessionMetrics metrics,
        IOptions<TelemetryOptions> options, TimeProvider time, ILogger<UsageSampler> logger)
    {
        _services = services;
        _usages = [.. usages];
        _labels = labels;
        _time = time;
        _interval = options.Value.MetricsInterval;
        _logger = logger;
        _metrics = metrics;
        _gauges =
        [
            metrics.Meter.CreateObservableGauge(Names.SessionsLive, () => _sample.Live, "{session}", "Sessions that the backend holds."),
            metrics.Meter.CreateObservableGauge(Names.LimitUsed, () => _sample.Used, description: "How much a tenant uses of a limit."),
            metrics.Meter.CreateObservableGauge(Names.LimitMaximum, () => _sample.Maximum, description: "How much a tenant may use of a limit."),
        ];
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        _metrics.Begin();
        try
        {
            while (true)
            {
                var begun = _time.GetTimestamp();
                if (_gauges.Any(gauge => gauge.Enabled))
                {
                    await SampleAsync(stoppingToken);
                }

                var rest = RestFactor * _time.GetElapsedTime(begun);
                await Task.Delay(rest > _interval ? rest : _interval, _time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    internal async Task SampleAsync(CancellationToken cancellationToken)
    {
        try
        {
            _sample = await CountAsync(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            _sample = Sample.None;
            Log.UsageNotCounted(_logger, exception);
        }
    }

    private async Task<Sample> CountAsync(CancellationToken cancellationToken)
    {
        // Looked for only now: a host may bring a store of its own that lists nothing, and then nothing is counted.
        var directory = _services.GetRequiredService<ISessionDirectory>();

        // Who has no session of an era is told as 0: a series that ends cannot be told from an instance that does.
        var live = _labels.Labels.ToDictionary(label => label, _ => (Handshake: 0L, Stateless: 0L), StringComparer.Ordinal);
        var named = _labels.Named.ToDictionary(tenant => tenant, _ => default(SessionCount));
        TenantRooms? after = null;
        do
        {
            var page = await directory.ListTenantsAsync(after, ISessionDirectory.MaxPageSize, cancellationToken);
            foreach (var tenant in page.Tenants)
            {
                var label = _labels.Of(tenant.Tenant);
                var sum = live.GetValueOrDefault(label);
                live[label] = (sum.Handshake + tenant.Sessions.Handshake, sum.Stateless + tenant.Sessions.Stateless);
                if (!tenant.Tenant.IsAnonymous && named.ContainsKey(tenant.Tenant.Tenant))
                {
                    named[tenant.Tenant.Tenant] = tenant.Sessions;
                }
            }

            after = page.Next;
        }
        while (after is not null);

        var (used, maximum) = (new List<Measurement<long>>(), new List<Measurement<long>>());
        foreach (var (tenant, sessions) in named)
        {
            foreach (var usage in _usages)
            {
                foreach (var limit in await usage.ReadAsync(new(new(tenant), sessions), cancellationToken))
                {
                    KeyValuePair<string, object?>[] tags = [new(Names.Tenant, _labels.Of(tenant)), new(Names.Limit, limit.Limit)];
                    used.Add(new(limit.Used, tags));
                    maximum.Add(new(limit.Maximum, tags));
                }
            }
        }

        return new(
            [.. live.SelectMany(l => (Measurement<long>[])[Live(l.Key, SessionEra.Handshake, l.Value.Handshake), Live(l.Key, SessionEra.Stateless, l.Value.Stateless)])],
            used, maximum);
    }

    private static Measurement<long> Live(string tenant, SessionEra era, long sessions) =>
        new(sessions, new(Names.Tenant, tenant), new(Names.Era, SessionMetrics.NameOf(era)));

    private sealed record Sample(IReadOnlyList<Measurement<long>> Live, IReadOnlyList<Measurement<long>> Used, IReadOnlyList<Measurement<long>> Maximum)
    {
        public static Sample None { get; } = new([], [], []);
    }
}
