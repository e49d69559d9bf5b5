using System.Runtime.CompilerServices;
using Microsoft.Extensions.Caching.Hybrid;
using Microsoft.Extensions.DependencyInjection;
using Stateroom.Messaging;
using Stateroom.Sessions;
using Stateroom.State;
using Xunit;

namespace Stateroom.Tests.State;

public sealed class SessionCacheTests
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
    private int _runs;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private async Task<string> GetAsync(TestHost host, SessionClaim claim, string key = "city") =>
        await host.CallAsync(claim, _ => host.Cache.GetOrCreateAsync(key, Make, Lifetime, Cancel).AsTask());

    private ValueTask<string> Make(CancellationToken cancellationToken) => new($"made {Interlocked.Increment(ref _runs)}");

    [Fact]
    public async Task A_value_is_made_once_for_its_session_and_key()
    {
        await using var host = new TestHost();
        var (one, other) = (await host.OpenAsync(), await host.OpenAsync());

        Assert.Equal("made 1", await GetAsync(host, one));
        Assert.Equal("made 1", await GetAsync(host, one));
        Assert.Equal("made 2", await GetAsync(host, other));
        Assert.Equal("made 3", await GetAsync(host, one, "City"));
        Assert.Equal("made 4", await GetAsync(host, one, new string(':', 10_000) + "{}*\r\n\0\ud800"));
        Assert.Equal("made 5", await GetAsync(host, one, new string(':', 10_000) + "{}*\r\n\0\ud801"));
        Assert.Equal("made 1", await GetAsync(host, one));
    }

    [Fact]
    public async Task Calls_at_once_share_one_run()
    {
        await using var host = new TestHost();
        var claim = await host.OpenAsync();
        var (begun, release) = (new TaskCompletionSource(), new TaskCompletionSource());

        var first = SlowAsync();
        await begun.Task.WaitAsync(Cancel);
        var second = SlowAsync();
        release.SetResult();

        Assert.Equal(["made 1", "made 1"], await Task.WhenAll(first, second));

        Task<string> SlowAsync() => host.CallAsync(claim, _ => host.Cache.GetOrCreateAsync(
            "city",
            async token =>
            {
                begun.TrySetResult();
                await release.Task;
                return await Make(token);
            },
            Lifetime,
            Cancel).AsTask());
    }

    [Fact]
    public async Task What_a_session_cached_is_gone_with_it()
    {
        var spy = new SpyCache();
        await using var host = new TestHost(add: s => s.AddSingleton<HybridCache>(spy));
        var (claim, other) = (await host.OpenAsync(), await host.OpenAsync());
        await GetAsync(host, claim, "a");
        await GetAsync(host, claim, "b");
        await GetAsync(host, other, "a");
        Assert.Equal(3, spy.Keys.Count);
        Assert.All(spy.Keys, k => Assert.DoesNotContain(claim.Id, k, StringComparison.Ordinal));
        Assert.All(spy.Keys, k => Assert.InRange(k.Length, 1, 100));

        await host.Get<SessionLifecycle>().EndAsync(claim, Cancel);

        Assert.Single(spy.Keys);
        await host.Backplane.PublishAsync(new SessionSignal.Ended(other.Key), Cancel);
        Assert.Empty(spy.Keys);
    }

    [Fact]
    public async Task A_value_that_was_being_made_when_the_session_ended_does_not_stay()
    {
        var spy = new SpyCache();
        await using var host = new TestHost(add: s => s.AddSingleton<HybridCache>(spy));
        var claim = await host.OpenAsync();

        await host.CallAsync(claim, _ => host.Cache.GetOrCreateAsync(
            "a",
            async token =>
            {
                await host.Get<SessionLifecycle>().EndAsync(claim, token);
                return await Make(token);
            },
            Lifetime,
            Cancel).AsTask());

        Assert.Empty(spy.Keys);
    }

    [Fact]
    public async Task A_call_that_outlives_its_session_leaves_nothing_behind()
    {
        var spy = new SpyCache();
        await using var host = new TestHost(add: s => s.AddSingleton<HybridCache>(spy));
        var claim = await host.OpenAsync();

        var made = await host.CallAsync(claim, async _ =>
        {
            await host.Get<SessionLifecycle>().EndAsync(claim, Cancel);
            return await host.Cache.GetOrCreateAsync("a", Make, Lifetime, Cancel);
        });

        Assert.Equal("made 1", made);
        Assert.Empty(spy.Keys);
    }

    [Fact]
    public async Task A_removed_value_is_made_again()
    {
        await using var host = new TestHost();
        var claim = await host.OpenAsync();
        await GetAsync(host, claim);
        await host.CallAsync(claim, async _ =>
        {
            await host.Cache.RemoveAsync("city", Cancel);
            await host.Cache.RemoveAsync("unknown", Cancel);
            return 0;
        });

        Assert.Equal("made 2", await GetAsync(host, claim));
    }

    [Fact]
    public async Task A_value_that_was_being_made_when_it_was_removed_does_not_stay_though_somebody_waits_for_it()
    {
        await using var host = new TestHost();
        var claim = await host.OpenAsync();
        var (begun, release) = (new TaskCompletionSource(), new TaskCompletionSource());

        var first = GetSlowlyAsync();
        await begun.Task.WaitAsync(Cancel);
        await host.CallAsync(claim, async _ =>
        {
            await host.Cache.RemoveAsync("city", Cancel);
            return 0;
        });
        var second = GetSlowlyAsync();
        release.SetResult();
        await Task.WhenAll(first, second);

        Assert.Equal("made 2", await GetAsync(host, claim));

        Task<string> GetSlowlyAsync() => host.CallAsync(claim, _ => host.Cache.GetOrCreateAsync(
            "city",
            async token =>
            {
                begun.TrySetResult();
                await release.Task;
                return await Make(token);
            },
            Lifetime,
            Cancel).AsTask());
    }

    [Fact]
    public async Task Without_a_room_the_factory_runs_and_nothing_is_stored()
    {
        var spy = new SpyCache();
        await using var host = new TestHost(add: s => s.AddSingleton<HybridCache>(spy));
        await host.CallWithoutRoomAsync(async _ =>
        {
            Assert.Equal("made 1", await host.Cache.GetOrCreateAsync("a", Make, Lifetime, Cancel));
            Assert.Equal("made 2", await host.Cache.GetOrCreateAsync("a", Make, Lifetime, Cancel));
            await host.Cache.RemoveAsync("a", Cancel);
            return 0;
        });

        Assert.Empty(spy.Keys);
    }

    [Fact]
    public async Task A_session_keeps_a_bounded_number_of_entries()
    {
        var spy = new SpyCache();
        await using var host = new TestHost(add: s => s.AddSingleton<HybridCache>(spy));
        var claim = await host.OpenAsync();
        for (var i = 0; i < CachedKeys.MaxPerSession + 50; i++)
        {
            await GetAsync(host, claim, $"{i}");
            host.Time.Advance(TimeSpan.FromTicks(1));
        }

        Assert.Equal(CachedKeys.MaxPerSession, spy.Keys.Count);
        _runs = -1;
        Assert.Equal("made 0", await GetAsync(host, claim, "0"));
    }

    [Fact]
    public void Keys_whose_time_is_over_are_forgotten()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var keys = new CachedKeys(new(time));
        for (var i = 0; i < 100_000; i++)
        {
            keys.Add(new(TestHost.Alice.Tenant, SessionId.New()), "key", TimeSpan.FromMinutes(1), out _);
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(keys.Count, 60, 1024);
    }

    [Fact]
    public void A_long_key_is_known_but_not_kept()
    {
        var keys = new CachedKeys(new(TimeProvider.System));
        var session = new SessionKey(TestHost.Alice.Tenant, SessionId.New());
        var (key, cached) = AddLong();
        GC.Collect();

        Assert.False(key.IsAlive);
        Assert.Same(cached, keys.Add(session, new('a', 1_000_000), Lifetime, out _));
        Assert.NotSame(cached, keys.Add(session, new('a', 1_000_001), Lifetime, out _));
        keys.Remove(session, new('a', 1_000_000));
        Assert.True(cached.IsGone);
        Assert.Equal(1, keys.Count);

        [MethodImpl(MethodImplOptions.NoInlining)]
        (WeakReference Key, CachedKey Cached) AddLong()
        {
            var key = new string('a', 1_000_000);
            return (new(key), keys.Add(session, key, Lifetime, out _));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task A_lifetime_is_more_than_zero(int ticks)
    {
        await using var host = new TestHost();
        var claim = await host.OpenAsync();

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() =>
            host.CallAsync(claim, _ => host.Cache.GetOrCreateAsync("a", Make, TimeSpan.FromTicks(ticks), Cancel).AsTask()));
        Assert.Equal("made 1", await host.CallAsync(claim, _ => host.Cache.GetOrCreateAsync("a", Make, TimeSpan.MaxValue, Cancel).AsTask()));
    }

    [Fact]
    public async Task Outside_a_call_there_is_no_cache()
    {
        await using var host = new TestHost();

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await host.Cache.GetOrCreateAsync("a", Make, Lifetime, Cancel));
    }

    /// <summary>A cache that shows what it holds.</summary>
    private sealed class SpyCache : HybridCache
    {
        private readonly Dictionary<string, object?> _values = new(StringComparer.Ordinal);

        public Dictionary<string, object?>.KeyCollection Keys => _values.Keys;

        public override async ValueTask<T> GetOrCreateAsync<TState, T>(
            string key, TState state, Func<TState, CancellationToken, ValueTask<T>> factory, HybridCacheEntryOptions? options = null,
            IEnumerable<string>? tags = null, CancellationToken cancellationToken = default)
        {
            Assert.Null(tags);
            return _values.TryGetValue(key, out var value) ? (T)value! : (T)(_values[key] = await factory(state, cancellationToken))!;
        }

        public override ValueTask SetAsync<T>(
            string key, T value, HybridCacheEntryOptions? options = null, IEnumerable<string>? tags = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public override ValueTask RemoveAsync(string key, CancellationToken cancellationToken = default)
        {
            _values.Remove(key);
            return default;
        }

        public override ValueTask RemoveByTagAsync(string tag, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }
}
