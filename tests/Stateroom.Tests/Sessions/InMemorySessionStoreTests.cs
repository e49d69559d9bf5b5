using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Stateroom.ContractTests;
using Stateroom.Limits;
using Stateroom.Sessions;
using Stateroom.Tenancy;
using Xunit;

namespace Stateroom.Tests.Sessions;

public sealed class InMemorySessionStoreTests : SessionStoreContract
{
    private readonly FakeTimeProvider _time = new();

    protected override ISessionStore CreateStore(SessionOptions options, LimitOptions? limits = null) =>
        new InMemorySessionStore(Options.Create(options), _time, limits is null ? null : Options.Create(limits));

    protected override Task AdvanceAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_session_expires_exactly_at_its_deadline()
    {
        var store = CreateStore(SmallLimits);
        var claim = await OpenAsync(store, Alice);
        _time.Advance(SmallLimits.IdleTimeout - TimeSpan.FromTicks(1));
        Assert.NotNull(await store.TouchAsync(claim, Cancel));
        _time.Advance(SmallLimits.IdleTimeout);
        Assert.Null(await store.TouchAsync(claim, Cancel));
    }

    [Fact]
    public async Task A_store_whose_host_stops_opens_no_more_sessions_and_keeps_those_that_it_has()
    {
        using var lifetime = new Lifetime();
        var store = new InMemorySessionStore(Options.Create(SmallLimits), _time, lifetime: lifetime);
        var claim = await OpenAsync(store, Alice);
        lifetime.StopApplication();

        Assert.Equal(new SessionCreation(SessionCreationStatus.InstanceStopping), await store.CreateAsync(New(Alice), Cancel));
        Assert.Equal(StateWriteStatus.Written, (await store.WriteStateAsync(claim, new("a", 0, "1"u8.ToArray()), Cancel)).Status);
        Assert.True(await store.EndAsync(claim, Cancel));
    }

    [Fact]
    public async Task A_sweep_gives_every_expired_session_once_and_no_other()
    {
        var store = new InMemorySessionStore(Options.Create(SmallLimits), _time);
        var expired = await OpenAsync(store, Alice);
        var anonymous = await OpenAsync(store, Caller.Anonymous);
        var ended = await OpenAsync(store, Alice);
        var used = await OpenAsync(store, Bob);
        await store.EndAsync(ended, Cancel);
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.Empty(store.Sweep());
        await store.TouchAsync(used, Cancel);
        _time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal([expired.Key, anonymous.Key], store.Sweep().OrderBy(k => k.Tenant.Value, StringComparer.Ordinal));
        Assert.Empty(store.Sweep());
        Assert.NotNull(await store.TouchAsync(used, Cancel));
    }

    [Fact]
    public async Task A_sweep_also_gives_what_made_room_for_new_sessions()
    {
        var store = new InMemorySessionStore(Options.Create(SmallLimits), _time);
        var expired = new List<SessionKey>();
        for (var i = 0; i < 3; i++)
        {
            expired.Add((await OpenAsync(store, Alice)).Key);
        }

        _time.Advance(SmallLimits.IdleTimeout);
        var fresh = await OpenAsync(store, Alice);

        Assert.Equal(expired, store.Sweep());
        Assert.NotNull(await store.TouchAsync(fresh, Cancel));
    }

    [Fact]
    public async Task Sessions_open_while_empty_tenants_are_swept_away()
    {
        var store = new InMemorySessionStore(Options.Create(SmallLimits), _time);
        using var done = new CancellationTokenSource();
        var sweeps = Task.Run(
            () =>
            {
                while (!done.IsCancellationRequested)
                {
                    store.Sweep();
                }
            },
            Cancel);

        for (var i = 0; i < 5_000; i++)
        {
            var claim = await OpenAsync(store, Alice);
            Assert.NotNull(await store.TouchAsync(claim, Cancel));
            Assert.True(await store.EndAsync(claim, Cancel));
        }

        await done.CancelAsync();
        await sweeps;
    }

    private sealed class Lifetime : IHostApplicationLifetime, IDisposable
    {
        private readonly CancellationTokenSource _stopping = new();

        public CancellationToken ApplicationStarted => default;

        public CancellationToken ApplicationStopping => _stopping.Token;

        public CancellationToken ApplicationStopped => default;

        public void StopApplication() => _stopping.Cancel();

        public void Dispose() => _stopping.Dispose();
    }
}
