using System.Diagnostics;
using Stateroom.Messaging;
using Stateroom.Redis.Tests.Support;
using Stateroom.Sessions;
using Stateroom.Tenancy;
using Xunit;

namespace Stateroom.Redis.Tests.Faults;

/// <summary>Redis away, slow, restarted empty, without its scripts: each test with a server of its own.</summary>
public sealed class FaultTests : IAsyncLifetime
{
    private static readonly Caller Alice = new(new TenantId("acme"), "alice");
    private static readonly byte[] One = "1"u8.ToArray();

    private readonly RedisServer _server = new();
    private readonly RedisInstances _instances;

    public FaultTests() => _instances = new(() => _server.Configuration);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _instances.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Flushed_scripts_are_loaded_again_without_a_failed_call()
    {
        var instance = _instances.Add();
        var claim = await OpenAsync(instance);
        var multiplexer = await instance.Connection.GetAsync();
        for (var i = 0; i < 3; i++)
        {
            await multiplexer.GetDatabase().ExecuteAsync("SCRIPT", "FLUSH");
            Assert.NotNull(await instance.Store.TouchAsync(claim, Cancel));
            Assert.Equal(StateWriteStatus.Written, (await instance.Store.WriteStateAsync(claim, new($"a{i}", 0, One), Cancel)).Status);
        }

        Assert.Equal(3, (await instance.Store.TouchAsync(claim, Cancel))!.State.Length);
    }

    [Fact]
    public async Task Scripts_are_run_by_their_hash_as_the_server_counts_them()
    {
        var instance = _instances.Add(configure: o => o.ConfigureConnection = c => c.AllowAdmin = true);
        var claim = await OpenAsync(instance);
        await instance.Store.TouchAsync(claim, Cancel);
        var database = (await instance.Connection.GetAsync()).GetDatabase();
        await database.ExecuteAsync("CONFIG", "RESETSTAT");

        for (var i = 0; i < 10; i++)
        {
            await instance.Store.TouchAsync(claim, Cancel);
        }

        var statistics = (string)(await database.ExecuteAsync("INFO", "commandstats"))!;
        Assert.Contains("cmdstat_evalsha:calls=10,", statistics, StringComparison.Ordinal);
        Assert.DoesNotContain("cmdstat_eval:", statistics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_restarts_empty_knows_no_session_and_new_ones_open_without_a_restart_here()
    {
        var instance = _instances.Add(new SessionOptions { MaxSessionsPerOwner = 1 }, o => o.CallTimeout = TimeSpan.FromSeconds(5));
        var claim = await OpenAsync(instance);
        await _server.KillAsync();
        await Assert.ThrowsAsync<SessionStoreUnavailableException>(async () => await instance.Store.TouchAsync(claim, Cancel));

        await _server.RestartAsync();
        await Eventually.TrueAsync(async () => await AnswersAsync(instance));

        Assert.Null(await instance.Store.TouchAsync(claim, Cancel));
        Assert.Equal(StateWriteStatus.NotFound, (await instance.Store.WriteStateAsync(claim, new("a", 0, One), Cancel)).Status);
        await OpenAsync(instance);
    }

    [Fact]
    public async Task A_server_that_hangs_fails_calls_in_time_and_carries_nothing_out_late()
    {
        var timeout = TimeSpan.FromSeconds(1);
        var (instance, observer) = (_instances.Add(configure: o => o.CallTimeout = timeout), _instances.Add());
        var claim = await OpenAsync(instance);
        await instance.Store.WriteStateAsync(claim, new("a", 0, One), Cancel);
        var version = (await observer.Store.TouchAsync(claim, Cancel))!.FindState("a").Version;
        await _server.PauseAsync();

        var watch = Stopwatch.StartNew();
        var calls = Enumerable.Range(0, 20).Select(i => Assert.ThrowsAsync<SessionStoreUnavailableException>(i % 2 == 0
            ? async () => await instance.Store.WriteStateAsync(claim, new("a", version, "2"u8.ToArray()), Cancel)
            : async () => await instance.Store.CreateAsync(new() { Caller = Alice, Era = SessionEra.Handshake }, Cancel)));
        await Task.WhenAll(calls);
        Assert.True(watch.Elapsed < 10 * timeout, $"It took {watch.Elapsed}.");

        await _server.ContinueAsync();
        await Eventually.TrueAsync(async () => await AnswersAsync(instance));
        await Eventually.TrueAsync(() => instance.Commands.Pending == 0);
        var found = (await observer.Store.TouchAsync(claim, Cancel))!.FindState("a");
        Assert.Equal((version, "1"), (found.Version, System.Text.Encoding.UTF8.GetString(found.Data.Span)));
        Assert.Single(await observer.Store.ListAsync(Alice, SessionEra.Handshake, Cancel));
    }

    [Fact]
    public async Task Calls_that_began_at_different_times_each_wait_as_long_as_a_call_may()
    {
        var timeout = TimeSpan.FromMilliseconds(600);
        var instance = _instances.Add(configure: o => o.CallTimeout = timeout);
        await Eventually.TrueAsync(async () => await AnswersAsync(instance));
        await _server.PauseAsync();

        var calls = new List<Task<TimeSpan>>();
        for (var i = 0; i < 5; i++)
        {
            calls.Add(WaitAsync());
            await Task.Delay(timeout / 4, TimeProvider.System, Cancel);
        }

        // A timer's milliseconds and the clock's differ by a little.
        Assert.All(await Task.WhenAll(calls), waited => Assert.InRange(waited, timeout - TimeSpan.FromMilliseconds(20), 10 * timeout));
        await _server.ContinueAsync();
        await Eventually.TrueAsync(() => instance.Commands.Pending == 0);

        async Task<TimeSpan> WaitAsync()
        {
            var watch = Stopwatch.StartNew();
            var failure = await Assert.ThrowsAsync<SessionStoreUnavailableException>(
                async () => await instance.Store.TouchAsync(new(Alice, SessionId.New(), SessionEra.Handshake), Cancel));
            Assert.IsType<TimeoutException>(failure.InnerException, exactMatch: false);
            return watch.Elapsed;
        }
    }

    [Fact]
    public async Task A_caller_that_leaves_waits_no_longer_although_Redis_hangs_and_nobody_else_is_disturbed()
    {
        var instance = _instances.Add();
        var claim = await OpenAsync(instance);
        await _server.PauseAsync();
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancel);

        var left = instance.Store.TouchAsync(claim, leaving.Token).AsTask();
        var stayed = instance.Store.TouchAsync(claim, Cancel).AsTask();
        await leaving.CancelAsync();

        // The server hangs until this has ended.
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        Assert.False(stayed.IsCompleted);
        await _server.ContinueAsync();
        Assert.NotNull(await stayed);
        await Eventually.TrueAsync(() => instance.Commands.Pending == 0);
    }

    [Fact]
    public async Task Commands_that_nobody_waits_for_are_bounded()
    {
        var instance = _instances.Add(configure: o => (o.CallTimeout, o.MaxPendingCommands) = (TimeSpan.FromMilliseconds(50), 10));
        await Eventually.TrueAsync(async () => await AnswersAsync(instance));
        await _server.PauseAsync();

        var isRefused = false;
        for (var i = 0; i < 30; i++)
        {
            var failure = await Assert.ThrowsAsync<SessionStoreUnavailableException>(
                async () => await instance.Store.TouchAsync(new(Alice, SessionId.New(), SessionEra.Handshake), Cancel));
            Assert.InRange(instance.Commands.Pending, 0, 10);
            isRefused |= failure.InnerException is null;
        }

        Assert.True(isRefused);

        await _server.ContinueAsync();
    }

    [Fact]
    public async Task Signals_that_may_have_been_lost_are_made_good_by_looking_again()
    {
        var instance = _instances.Add(configure: o => o.HeartbeatInterval = TimeSpan.FromMilliseconds(200));
        var backplane = instance.StartBackplane();
        await Eventually.TrueAsync(() => backplane.IsHearing);
        using var recorder = new SignalRecorder(backplane);

        await _server.KillAsync();
        await backplane.PublishAsync(new SessionSignal.Ended(new(Alice.Tenant, "x")), Cancel);
        await Assert.ThrowsAsync<SessionStoreUnavailableException>(async () => await backplane.PublishAsync(new SessionSignal.Cancel(new(Alice.Tenant, "x"), "1"), Cancel));
        await Assert.ThrowsAsync<SessionStoreUnavailableException>(async () => await backplane.PublishAsync(new SessionSignal.Answer(new(Alice.Tenant, "x"), "other", "1", One), Cancel));
        await Assert.ThrowsAsync<SessionStoreUnavailableException>(async () => await backplane.IsAliveAsync("other", Cancel));
        await Eventually.TrueAsync(() => !backplane.IsHearing);
        await _server.RestartAsync();

        Assert.IsType<SessionSignal.Ended>((await recorder.TakeAsync(1))[0]);
        Assert.IsType<SessionSignal.Cancel>((await recorder.TakeAsync(1))[0]);
        Assert.IsType<SessionSignal.Resync>((await recorder.TakeAsync(1))[0]);
        Assert.True(backplane.IsHearing);
        Assert.True(await backplane.IsAliveAsync(backplane.InstanceId, Cancel));
    }

    [Fact]
    public async Task What_is_thrown_names_no_server_and_no_password()
    {
        await using var instance = new RedisInstance($"127.0.0.1:{RedisServer.FreePort()},password=hunter2", "test", new(), o => o.CallTimeout = TimeSpan.FromMilliseconds(200));

        var exception = await Assert.ThrowsAsync<SessionStoreUnavailableException>(
            async () => await instance.Store.TouchAsync(new(Alice, SessionId.New(), SessionEra.Handshake), Cancel));

        Assert.DoesNotContain("127.0.0.1", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", exception.ToString(), StringComparison.Ordinal);
    }

    private static async Task<SessionClaim> OpenAsync(RedisInstance instance)
    {
        var creation = await instance.Store.CreateAsync(new() { Caller = Alice, Era = SessionEra.Handshake }, Cancel);
        Assert.Equal(SessionCreationStatus.Created, creation.Status);
        return new(Alice, creation.Session!.Key.Id, SessionEra.Handshake);
    }

    private static async Task<bool> AnswersAsync(RedisInstance instance)
    {
        try
        {
            await instance.Store.TouchAsync(new(Alice, SessionId.New(), SessionEra.Handshake), Cancel);
            return true;
        }
        catch (SessionStoreUnavailableException)
        {
            return false;
        }
    }
}
