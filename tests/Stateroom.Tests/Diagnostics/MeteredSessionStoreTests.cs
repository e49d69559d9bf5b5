using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Stateroom.Diagnostics;
using Stateroom.Limits;
using Stateroom.Sessions;
using Stateroom.Tenancy;
using Xunit;

namespace Stateroom.Tests.Diagnostics;

/// <summary>What is counted and timed of a store, and that it costs nothing where nobody collects.</summary>
public sealed class MeteredSessionStoreTests
{
    private static readonly Caller _caller = new(new TenantId("acme"), "alice");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Where_nobody_collects_a_look_up_allocates_nothing()
    {
        using var meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var store = new MeteredSessionStore(new Silent(), Metrics(meters), TimeProvider.System);
        var claim = new SessionClaim(_caller, "id", SessionEra.Handshake);
        await LookUpAsync(1_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        await LookUpAsync(1_000);
        // Less than a byte a look-up: a debug build allocates the state machine of the loop itself.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 999);

        async ValueTask LookUpAsync(int times)
        {
            for (var i = 0; i < times; i++)
            {
                Assert.Null(await store.TouchAsync(claim, default));
            }
        }
    }

    [Fact]
    public async Task Writes_that_lose_and_a_store_that_is_away_are_told_apart()
    {
        using var meters = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var factory = meters.GetRequiredService<IMeterFactory>();
        var counted = new Dictionary<string, long>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, l) => { if (instrument.Meter.Scope == factory) { l.EnableMeasurementEvents(instrument); } } };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            var name = $"{instrument.Name} {string.Join(' ', tags.ToArray().Select(tag => tag.Value))}";
            counted[name] = counted.GetValueOrDefault(name) + value;
        });
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) =>
        {
            var name = $"{instrument.Name} {string.Join(' ', tags.ToArray().Select(tag => tag.Value))}";
            counted[name] = counted.GetValueOrDefault(name) + 1;
        });
        listener.Start();
        var inner = new InMemorySessionStore(Options.Create(new SessionOptions()), TimeProvider.System);
        var store = new MeteredSessionStore(inner, Metrics(meters, "acme"), TimeProvider.System);
        var session = (await store.CreateAsync(new NewSession { Caller = _caller, Era = SessionEra.Stateless }, Token)).Session!;
        var claim = new SessionClaim(_caller, session.Key.Id, SessionEra.Stateless);
        await store.WriteStateAsync(claim, new StateWrite("s", 0, "1"u8.ToArray()), Token);
        await store.WriteStateAsync(claim, new StateWrite("s", 0, "2"u8.ToArray()), Token);
        await store.TouchAsync(claim, Token);
        await store.TouchAsync(claim with { Id = "none" }, Token);
        var away = new MeteredSessionStore(new Away(), Metrics(meters, "acme"), TimeProvider.System);
        await Assert.ThrowsAsync<SessionStoreUnavailableException>(async () => await away.TouchAsync(claim, Token));
        await Assert.ThrowsAsync<SessionStoreUnavailableException>(async () => await away.WriteStateAsync(claim, default, Token));

        Assert.Equal(
            new Dictionary<string, long>
            {
                ["stateroom.sessions.opened acme stateless"] = 1,
                ["stateroom.state.writes acme written"] = 1,
                ["stateroom.state.writes acme conflict"] = 1,
                ["stateroom.state.writes acme unavailable"] = 1,
                ["stateroom.session.lookups stateless found"] = 1,
                ["stateroom.session.lookups stateless not_found"] = 1,
                ["stateroom.session.lookups stateless unavailable"] = 1,
                ["stateroom.store.operation.duration create"] = 1,
                ["stateroom.store.operation.duration write"] = 2,
                ["stateroom.store.operation.duration touch"] = 2,
                ["stateroom.store.operation.duration write unavailable"] = 1,
                ["stateroom.store.operation.duration touch unavailable"] = 1,
            },
            counted);
    }

    private static SessionMetrics Metrics(IServiceProvider services, params string[] tenants)
    {
        var options = new TelemetryOptions();
        foreach (var tenant in tenants)
        {
            options.MetricsTenants.Add(tenant);
        }

        return new(new TenantLabels(Options.Create(options), Options.Create(new LimitOptions())), services.GetRequiredService<IMeterFactory>());
    }

    private class Silent : ISessionStore
    {
        public ValueTask<SessionCreation> CreateAsync(NewSession session, CancellationToken cancellationToken) => default;

        public virtual ValueTask<SessionRecord?> TouchAsync(SessionClaim claim, CancellationToken cancellationToken) => default;

        public virtual ValueTask<StateWriteResult> WriteStateAsync(SessionClaim claim, StateWrite write, CancellationToken cancellationToken) => default;

        public ValueTask<bool> EndAsync(SessionClaim claim, CancellationToken cancellationToken) => default;

        public ValueTask<IReadOnlyList<SessionRecord>> ListAsync(Caller caller, SessionEra era, CancellationToken cancellationToken) => default;
    }

    private sealed class Away : Silent
    {
        public override ValueTask<SessionRecord?> TouchAsync(SessionClaim claim, CancellationToken cancellationToken) => throw new SessionStoreUnavailableException("away");

        public override ValueTask<StateWriteResult> WriteStateAsync(SessionClaim claim, StateWrite write, CancellationToken cancellationToken) => throw new SessionStoreUnavailableException("away");
    }
}
