using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Stateroom.Administration;
using Stateroom.Diagnostics;
using Stateroom.Sessions;
using Stateroom.Tenancy;
using Xunit;

namespace Stateroom.Tests.Diagnostics;

/// <summary>What the backend holds, as a collection finds it after a count.</summary>
public sealed class UsageSamplerTests
{
    private static readonly TenantId _acme = new("acme");
    private static readonly TenantId _globex = new("globex");
    private static readonly TenantId _unnamed = new("initech");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Live_sessions_are_told_by_tenant_and_era_and_as_zero_where_there_are_none()
    {
        await using var host = Host();
        using var collector = new Collector(host.Get<IMeterFactory>());
        var sampler = host.Get<IEnumerable<IHostedService>>().OfType<UsageSampler>().Single();

        await sampler.SampleAsync(Token);
        Assert.Equal(Told(acme: (0, 0), globex: (0, 0), other: (0, 0)), collector.Collect(StateroomTelemetry.SessionsLive));

        await OpenAsync(host, new(_acme, "alice"), SessionEra.Handshake, 2);
        await OpenAsync(host, new(_acme, "bob"), SessionEra.Stateless, 3);
        await OpenAsync(host, new(_globex, "alice"), SessionEra.Stateless, 1);
        await OpenAsync(host, new(_unnamed, "alice"), SessionEra.Handshake, 1);
        await OpenAsync(host, new(new("hooli"), "alice"), SessionEra.Handshake, 4);
        await OpenAsync(host, Caller.Anonymous, SessionEra.Handshake, 1);
        await sampler.SampleAsync(Token);

        var told = Told(acme: (2, 3), globex: (0, 1), other: (5, 0));
        told["anonymous handshake"] = 1;
        told["anonymous stateless"] = 0;
        Assert.Equal(told, collector.Collect(StateroomTelemetry.SessionsLive));

        // The limit holds for both eras together.
        Assert.Equal(5, collector.Collect(StateroomTelemetry.LimitUsed)["acme MaxSessionsPerTenant"]);

        var administration = host.Get<ISessionAdministration>();
        Assert.Equal(5, await administration.EndAllAsync(new(_acme), null, Token));
        await administration.EndAllAsync(TenantRooms.Anonymous, null, Token);
        await sampler.SampleAsync(Token);
        Assert.Equal(Told(acme: (0, 0), globex: (0, 1), other: (5, 0)), collector.Collect(StateroomTelemetry.SessionsLive));
    }

    private static TestHost Host() => new(add: services => services.AddMetrics().Configure<TelemetryOptions>(options =>
    {
        options.MetricsTenants.Add(_acme.Value);
        options.MetricsTenants.Add(_globex.Value);
    }));

    private static async Task OpenAsync(TestHost host, Caller caller, SessionEra era, int sessions)
    {
        for (var i = 0; i < sessions; i++)
        {
            Assert.Equal(SessionCreationStatus.Created, (await host.Store.CreateAsync(new() { Caller = caller, Era = era }, Token)).Status);
        }
    }

    private static Dictionary<string, long> Told((long Handshake, long Stateless) acme, (long Handshake, long Stateless) globex, (long Handshake, long Stateless) other) => new()
    {
        ["acme handshake"] = acme.Handshake,
        ["acme stateless"] = acme.Stateless,
        ["globex handshake"] = globex.Handshake,
        ["globex stateless"] = globex.Stateless,
        ["other handshake"] = other.Handshake,
        ["other stateless"] = other.Stateless,
    };

    /// <summary>Reads the gauges of one host.</summary>
    private sealed class Collector : IDisposable
    {
        private readonly MeterListener _listener;
        private readonly Dictionary<string, Dictionary<string, long>> _found = [];

        public Collector(IMeterFactory meters)
        {
            _listener = new()
            {
                InstrumentPublished = (instrument, listener) =>
                {
                    if (instrument.Meter.Scope == meters)
                    {
                        listener.EnableMeasurementEvents(instrument);
                    }
                },
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            {
                if (instrument.IsObservable)
                {
                    _found.GetValueOrDefault(instrument.Name)?.Add(string.Join(' ', tags.ToArray().Select(tag => tag.Value)), value);
                }
            });
            _listener.Start();
        }

        public Dictionary<string, long> Collect(string instrument)
        {
            foreach (var name in (string[])[StateroomTelemetry.SessionsLive, StateroomTelemetry.LimitUsed, StateroomTelemetry.LimitMaximum])
            {
                _found[name] = [];
            }

            _listener.RecordObservableInstruments();
            return _found[instrument];
        }

        public void Dispose() => _listener.Dispose();
    }
}
