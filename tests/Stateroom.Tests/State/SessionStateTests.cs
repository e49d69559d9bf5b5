using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Stateroom.Sessions;
using Stateroom.State;
using Stateroom.Tenancy;
using Xunit;

namespace Stateroom.Tests.State;

public sealed class SessionStateTests
{
    private static readonly string CounterName = typeof(Counter).FullName!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Task<Counter> IncrementAsync(TestHost host) => host.State<Counter>().UpdateAsync(c => c with { Count = c.Count + 1 }, Cancel);

    private static async Task<string?> StoredAsync(TestHost host, SessionClaim claim, string name)
    {
        var entry = (await host.Store.TouchAsync(claim, Cancel))!.FindState(name);
        return entry.Exists ? Encoding.UTF8.GetString(entry.Data.Span) : null;
    }

    private static async Task StoreAsync(TestHost host, SessionClaim claim, string name, string value)
    {
        var entry = (await host.Store.TouchAsync(claim, Cancel))!.FindState(name);
        var result = await host.Store.WriteStateAsync(claim, new(name, entry.Version, Encoding.UTF8.GetBytes(value)), Cancel);
        Assert.Equal(StateWriteStatus.Written, result.Status);
    }

    [Fact]
    public async Task A_session_begins_with_the_initial_state_and_keeps_what_is_written()
    {
        await using var host = new TestHost();
        var claim = await host.OpenAsync();

        await host.CallAsync(claim, async _ =>
        {
            Assert.Equal(new Counter(), await host.State<Counter>().GetAsync(Cancel));
            Assert.Equal(1, (await IncrementAsync(host)).Count);
            Assert.Equal(1, (await host.State<Counter>().GetAsync(Cancel)).Count);
            return 0;
        });

        Assert.Equal(1, (await host.CallAsync(claim, _ => host.State<Counter>().GetAsync(Cancel).AsTask())).Count);
        Assert.Equal("""[1,{"count":1}]""", await StoredAsync(host, claim, CounterName));
    }

    [Fact]
    public async Task Two_hundred_parallel_increments_count_to_two_hundred()
    {
        await using var host = new TestHost();
        var claim = await host.OpenAsync();

        await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => host.CallAsync(claim, _ => IncrementAsync(host)), Cancel)));

        Assert.Equal(200, (await host.CallAsync(claim, _ => host.State<Counter>().GetAsync(Cancel).AsTask())).Count);
    }

    [Fact]
    public async Task Three_instances_at_one_store_count_to_two_hundred_between_them()
    {
        await using var first = new TestHost();
        await using var second = new TestHost(add: s => s.AddSingleton(first.Store));
        await using var third = new TestHost(add: s => s.AddSingleton(first.Store));
        TestHost[] hosts = [first, second, third];
        var claim = await first.OpenAsync();

        await Task.WhenAll(Enumerable.Range(0, 200).Select(i =>
            Task.Run(() => hosts[i % 3].CallAsync(claim, _ => IncrementAsync(hosts[i % 3])), Cancel)));

        Assert.Equal(200, (await first.CallAsync(claim, _ => first.State<Counter>().GetAsync(Cancel).AsTask())).Count);
    }

    [Fact]
    public async Task Two_hundred_parallel_increments_in_one_call_count_to_two_hundred_and_open_one_room()
    {
        await using var host = new TestHost();
        var room = await host.CallWithoutRoomAsync(async context =>
        {
            await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => Task.Run(() => IncrementAsync(host), Cancel)));
            Assert.Equal(200, (await host.State<Counter>().GetAsync(Cancel)).Count);
            Assert.True(context.Opened);
            return context.Session!;
        });

        Assert.Equal(room.Key, Assert.Single(await host.Store.ListAsync(TestHost.Alice, SessionEra.Stateless, Cancel)).Key);
    }

    [Fact]
    public async Task Nothing_is_stored_until_something_is_written()
    {
        await using var host = new TestHost();
        await host.CallWithoutRoomAsync(async context =>
        {
            var state = host.State<Counter>();
            Assert.Equal(0, (await state.GetAsync(Cancel)).Count);
            Assert.Equal(0, (await state.RefreshAsync(Cancel)).Count);
            await state.UpdateAsync(c => c, Cancel);
            await state.ClearAsync(Cancel);
            Assert.Null(context.Session);
            Assert.False(context.Opened);
            return 0;
        });

        Assert.Empty(await host.Store.ListAsync(TestHost.Alice, SessionEra.Stateless, Cancel));
    }

    [Fact]
    public async Task An_update_that_returns_what_it_was_given_writes_nothing()
    {
        await using var host = new TestHost();
        var claim = await host.OpenAsync();
        await host.CallAsync(claim, _ => IncrementAsync(host));
        var version = (await host.Store.TouchAsync(claim, Cancel))!.FindState(CounterName).Version;

        await host.CallAsync(claim, _ => host.State<Counter>().UpdateAsync(c => c, Cancel));

        Assert.Equal(version, (await host.Store.TouchAsync(claim, Cancel))!.FindState(CounterName).Version);
    }

    [Fact]
    public async Task Types_of_state_live_side_by_side()
    {
        await using var host = new TestHost();
        var claim = await host.OpenAsync();
        await host.CallAsync(claim, async _ =>
        {
            await Task.WhenAll(
                IncrementAsync(host),
                host.State<Weather>().ReplaceAsync(new() { City = "Zürich \"1\"" }, Cancel),
                host.State<Basket<int>>().ReplaceAsync(new() { Items = [1, 2] }, Cancel),
                host.State<Basket<string>>().ReplaceAsync(new() { Items = ["a"] }, Cancel));
            await host.State<Counter>().ClearAsync(Cancel);
            return 0;
        });

        await host.CallAsync(claim, async context =>
        {
            Assert.Equal(0, (await host.State<Counter>().GetAsync(Cancel)).Count);
            Assert.Equal("Zürich \"1\"", (await host.State<Weather>().GetAsync(Cancel)).City);
            Assert.Equal([1, 2], (await host.State<Basket<int>>().GetAsync(Cancel)).Items);
            Assert.Equal(["a"], (await host.State<Basket<string>>().GetAsync(Cancel)).Items);
            Assert.DoesNotContain(context.Session!.State, e => e.Name.Contains("Version=", StringComparison.Ordinal));
            return 0;
        });
    }

    [Fact]
    public async Task Replacing_and_clearing_win_over_what_others_wrote_since()
    {
        await using var host = new TestHost();
        var claim = await host.OpenAsync();
        await host.CallAsync(claim, async _ =>
        {
            await StoreAsync(host, claim, CounterName, """[1,{"count":5}]""");
            await host.State<Counter>().ReplaceAsync(new() { Count = 7 }, Cancel);
            Assert.Equal("""[1,{"count":7}]""", await StoredAsync(host, claim, CounterName));
            await StoreAsync(host, claim, CounterName, """[1,{"count":8}]""");
            await host.State<Counter>().ClearAsync(Cancel);
            return 0;
        });

        Assert.Null(await StoredAsync(host, claim, CounterName));
    }

    [Fact]
    public async Task Reading_gives_the_calls_own_view_and_refreshing_the_stores()
    {
        await using var host = new TestHost();
        var claim = await host.OpenAsync();
        await host.CallAsync(claim, async _ =>
        {
            await StoreAsync(host, claim, CounterName, """[1,{"count":5}]""");
            Assert.Equal(0, (await host.State<Counter>().GetAsync(Cancel)).Count);
            Assert.Equal(5, (await host.State<Counter>().RefreshAsync(Cancel)).Count);
            Assert.Equal(5, (await host.State<Counter>().GetAsync(Cancel)).Count);
            return 0;
        });
    }

    [Fact]
    public async Task State_over_the_limit_is_refused_and_the_old_one_stands()
    {
        await using var host = new TestHost(o => o.MaxStateBytes = 1024);
        var claim = await host.OpenAsync();
        await host.CallAsync(claim, async _ =>
        {
            await host.State<Weather>().ReplaceAsync(new() { City = "Bern" }, Cancel);
            var refused = await Assert.ThrowsAsync<SessionStateTooLargeException>(
                () => host.State<Weather>().UpdateAsync(w => w with { City = new string('x', 1024) }, Cancel));
            Assert.Equal(1024, refused.Maximum);
            Assert.True(refused.Size > 1024);
            Assert.Equal("Bern", (await host.State<Weather>().GetAsync(Cancel)).City);
            Assert.Equal("Bern", (await host.State<Weather>().RefreshAsync(Cancel)).City);
            return 0;
        });

        await host.CallWithoutRoomAsync(async context =>
        {
            await Assert.ThrowsAsync<SessionStateTooLargeException>(() => host.State<Weather>().ReplaceAsync(new() { City = new string('x', 1024) }, Cancel));
            Assert.Null(context.Session);
            await host.State<Weather>().ReplaceAsync(new() { City = "Bern" }, Cancel);
            Assert.True(context.Opened);
            return 0;
        });
    }

    [Fact]
    public async Task A_room_too_many_is_refused_and_the_limit_named()
    {
        await using var host = new TestHost(o => o.MaxSessionsPerOwner = 1);
        await host.OpenAsync();

        var refused = await Assert.ThrowsAsync<SessionLimitException>(() => host.CallWithoutRoomAsync(_ => IncrementAsync(host)));

        Assert.Equal((nameof(SessionOptions.MaxSessionsPerOwner), 1), (refused.Limit, refused.Maximum));
    }

    [Fact]
    public async Task Where_others_are_first_every_time_the_update_gives_up()
    {
        await using var host = new TestHost();
        var claim = await host.OpenAsync();
        var runs = 0;

        var conflict = await Assert.ThrowsAsync<SessionStateConflictException>(() => host.CallAsync(claim, _ => host.State<Counter>().UpdateAsync(
            c =>
            {
                // The in-process store answers at once, so another's write fits in here.
                runs++;
                StoreAsync(host, claim, CounterName, $$"""[1,{"count":{{-runs}}}]""").GetAwaiter().GetResult();
                return c with { Count = c.Count + 1 };
            },
            Cancel)));

        Assert.Equal((100, 100), (conflict.Attempts, runs));
        Assert.Equal("""[1,{"count":-100}]""", await StoredAsync(host, claim, CounterName));
    }

    [Fact]
    public async Task A_session_that_ends_during_a_call_takes_no_late_write()
    {
        await using var host = new TestHost();
        var claim = await host.OpenAsync();
        await host.CallAsync(claim, async _ =>
        {
            await IncrementAsync(host);
            Assert.True(await host.Get<SessionLifecycle>().EndAsync(claim, Cancel));
            await Assert.ThrowsAsync<SessionEndedException>(() => IncrementAsync(host));
            await Assert.ThrowsAsync<SessionEndedException>(() => host.State<Counter>().ReplaceAsync(new(), Cancel));
            await Assert.ThrowsAsync<SessionEndedException>(() => host.State<Counter>().ClearAsync(Cancel));
            await Assert.ThrowsAsync<SessionEndedException>(() => host.State<Counter>().RefreshAsync(Cancel));
            return 0;
        });

        Assert.Null(await host.Store.TouchAsync(claim, Cancel));
    }

    [Fact]
    public async Task Outside_a_call_there_is_no_state()
    {
        await using var host = new TestHost();
        var state = host.State<Counter>();

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await state.GetAsync(Cancel));
        await Assert.ThrowsAsync<InvalidOperationException>(() => state.UpdateAsync(c => c with { Count = 1 }, Cancel));
        await Assert.ThrowsAsync<InvalidOperationException>(() => state.ClearAsync(Cancel));
        Assert.Null(host.Get<ISessionAccessor>().Current);
    }

    [Fact]
    public async Task A_generated_context_and_a_name_of_its_own_decide_how_a_type_is_stored()
    {
        await using var host = new TestHost(add: s => s.Configure<SessionStateOptions>(o => o.AddType("weather", SampleContext.Default.Weather)));
        var claim = await host.OpenAsync();

        await host.CallAsync(claim, async _ =>
        {
            await host.State<Weather>().ReplaceAsync(new() { Units = Units.Imperial, City = "Ost" }, Cancel);
            return 0;
        });

        Assert.Equal("""[1,{"units":"Imperial","city":"Ost"}]""", await StoredAsync(host, claim, "weather"));
        Assert.Equal(Units.Imperial, (await host.CallAsync(claim, _ => host.State<Weather>().GetAsync(Cancel).AsTask())).Units);
    }

    [Theory]
    [InlineData("""[2,{"count":5,"more":1}]""", "format 2")]
    [InlineData("""[1,{"count":"many"}]""", "does not read")]
    [InlineData("""[1,null]""", "does not read")]
    [InlineData("""{"count":5}""", "does not read")]
    [InlineData("[", "does not read")]
    [InlineData("", "does not read")]
    public async Task What_does_not_read_as_the_type_is_refused_and_left_as_it_is(string stored, string says)
    {
        await using var host = new TestHost();
        var claim = await host.OpenAsync();
        await StoreAsync(host, claim, CounterName, stored);

        await host.CallAsync(claim, async _ =>
        {
            var refused = await Assert.ThrowsAsync<SessionStateFormatException>(async () => await host.State<Counter>().GetAsync(Cancel));
            Assert.Contains(says, refused.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<SessionStateFormatException>(() => IncrementAsync(host));
            Assert.Equal(stored, await StoredAsync(host, claim, CounterName));
            await host.State<Counter>().ClearAsync(Cancel);
            Assert.Equal(1, (await IncrementAsync(host)).Count);
            return 0;
        });
    }

    [Fact]
    public async Task A_type_may_not_take_the_name_of_another()
    {
        await using var host = new TestHost(add: s => s.Configure<SessionStateOptions>(o => o.AddType<Weather>(CounterName)));

        Assert.Throws<InvalidOperationException>(host.State<Counter>);
    }

    [Fact]
    public async Task An_opening_that_was_cancelled_leaves_the_way_to_the_next()
    {
        await using var host = new TestHost();
        await host.CallWithoutRoomAsync(async context =>
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                () => host.State<Counter>().UpdateAsync(c => c with { Count = 9 }, new CancellationToken(canceled: true)));
            Assert.Null(context.Session);
            Assert.Equal(1, (await IncrementAsync(host)).Count);
            return 0;
        });
    }

    [Fact]
    public async Task Anonymous_callers_have_rooms_that_only_the_id_opens()
    {
        await using var host = new TestHost();
        var room = await host.CallWithoutRoomAsync(
            async context =>
            {
                await IncrementAsync(host);
                return context.Session!.Key.Id;
            },
            Caller.Anonymous);

        Assert.NotNull(await host.Store.TouchAsync(new(Caller.Anonymous, room, SessionEra.Stateless), Cancel));
        Assert.Null(await host.Store.TouchAsync(new(new(Caller.Anonymous.Tenant, "anonymous"), room, SessionEra.Stateless), Cancel));
    }
}
