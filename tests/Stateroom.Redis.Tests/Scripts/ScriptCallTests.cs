using System.Diagnostics;
using System.Diagnostics.Metrics;
using StackExchange.Redis;
using Stateroom.Limits;
using Stateroom.Redis.Diagnostics;
using Stateroom.Redis.Scripts;
using Stateroom.Redis.Sessions;
using Stateroom.Redis.Tests.Support;
using Stateroom.Sessions;
using Stateroom.Tenancy;
using Xunit;

namespace Stateroom.Redis.Tests.Scripts;

/// <summary>What a run of a script leaves with those who wait for it, end it and watch it.</summary>
public sealed class ScriptCallTests : IAsyncLifetime
{
    private static readonly Caller Alice = new(new TenantId("acme"), "alice");

    private readonly RedisServer _server = new();
    private readonly RedisInstances _instances;

    public ScriptCallTests() => _instances = new(() => _server.Configuration);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _instances.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Who_ends_a_call_goes_on_in_its_own_span()
    {
        using var source = new ActivitySource(nameof(ScriptCallTests));
        using var listener = new ActivityListener
        {
            ShouldListenTo = watched => watched == source || watched == ScriptWatch.Source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
        };
        ActivitySource.AddActivityListener(listener);
        var instance = _instances.Add();
        await instance.Store.TouchAsync(new(Alice, SessionId.New(), SessionEra.Handshake), Cancel);
        await _server.PauseAsync();
        using var asking = source.StartActivity("asking");
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var left = instance.Store.TouchAsync(new(Alice, SessionId.New(), SessionEra.Handshake), leaving.Token).AsTask();

        using var other = source.StartActivity("other");
        var current = CurrentAfterCancelling(leaving);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        await _server.ContinueAsync();
        Assert.Same(other, current);
    }

    [Fact]
    public async Task Who_holds_the_thread_on_which_the_answer_came_holds_up_nobody_else()
    {
        var instance = _instances.Add();
        var claim = new SessionClaim(Alice, SessionId.New(), SessionEra.Handshake);
        await instance.Store.TouchAsync(claim, Cancel);
        using var held = new ManualResetEventSlim();

        var holding = Task.Run(HoldAsync, Cancel);
        for (var i = 0; i < 20; i++)
        {
            await instance.Store.TouchAsync(claim, Cancel).AsTask().WaitAsync(TimeSpan.FromSeconds(10), Cancel);
        }

        held.Set();
        await holding;

        async Task HoldAsync()
        {
            await instance.Store.TouchAsync(claim, Cancel).ConfigureAwait(false);
            held.Wait(TimeSpan.FromSeconds(60), Cancel);
        }
    }

    [Fact]
    public async Task An_answer_that_refuses_is_no_error_of_Redis()
    {
        using var listener = new MeterListener();
        var metrics = new RedisMetrics();
        using var meter = metrics.Meter;
        var told = new List<object?>();
        listener.InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter == metrics.Meter)
            {
                l.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) => told.Add(tags.ToArray().FirstOrDefault(tag => tag.Key == "error.type").Value));
        listener.Start();
        var (instance, options) = (_instances.Add(), new SessionOptions());
        using var runner = new ScriptRunner(instance.Commands, TimeProvider.System, metrics);
        var scripts = new SessionScripts(runner, instance.Keys, options, new LimitTable(options, null));
        var session = (await instance.Store.CreateAsync(new() { Caller = Alice, Era = SessionEra.Handshake }, Cancel)).Session!;
        var address = new SessionAddress(new(Alice, session.Key.Id, SessionEra.Handshake), instance.Keys, options);

        await scripts.TouchAsync(address, Cancel);
        await (await instance.Connection.GetAsync()).GetDatabase().StringSetRangeAsync(address.Keys[0], 42, (RedisValue)new byte[] { 99 });
        await Assert.ThrowsAsync<SessionStoreUnavailableException>(async () => await scripts.TouchAsync(address, Cancel));

        Assert.Equal([null, null], told);
    }

    /// <summary>Not asynchronously, which would cancel in a flow of its own.</summary>
    private static Activity? CurrentAfterCancelling(CancellationTokenSource source)
    {
        source.Cancel();
        return Activity.Current;
    }
}
