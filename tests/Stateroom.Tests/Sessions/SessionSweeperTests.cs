using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Stateroom.Messaging;
using Stateroom.Sessions;
using Stateroom.Tenancy;
using Xunit;

namespace Stateroom.Tests.Sessions;

public sealed class SessionSweeperTests : IDisposable
{
    private static readonly Caller Alice = new(new TenantId("acme"), "alice");

    private readonly FakeTimeProvider _time = new();
    private readonly IOptions<SessionOptions> _options;
    private readonly InMemorySessionStore _store;
    private readonly InMemorySessionBackplane _backplane = new(NullLogger<InMemorySessionBackplane>.Instance);
    private readonly InMemorySessionOutbox _inner;
    private readonly FailingOutbox _outbox;
    private readonly SessionSweeper _sweeper;

    public SessionSweeperTests()
    {
        var options = Options.Create(new SessionOptions { IdleTimeout = TimeSpan.FromMinutes(7), SweepInterval = TimeSpan.FromMinutes(5) });
        _store = new(options, _time);
        _inner = new(options, _time);
        _outbox = new(_inner);
        _options = options;
        _sweeper = new(_store, _outbox, new(_store, _outbox, _backplane), options, _time, NullLogger<SessionSweeper>.Instance);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _sweeper.Dispose();

    [Fact]
    public async Task What_expired_is_dropped_and_announced_at_the_next_interval()
    {
        var session = await OpenAsync();
        await _outbox.AppendAsync(session, "s", OutboxItemKind.Begin, default, Cancel);
        var announced = new TaskCompletionSource<SessionSignal>();
        using var subscription = _backplane.Subscribe((signal, _) =>
        {
            announced.SetResult(signal);
            return default;
        });
        await _sweeper.StartAsync(Cancel);

        _time.Advance(TimeSpan.FromMinutes(5));
        _time.Advance(TimeSpan.FromMinutes(5));

        Assert.Equal(new SessionSignal.Ended(session), await announced.Task.WaitAsync(Cancel));
        Assert.False((await _outbox.ReadAsync(session, "s", 0, Cancel)).Exists);
        await _sweeper.StopAsync(Cancel);
    }

    [Fact]
    public async Task A_failure_concerns_neither_the_other_sessions_nor_the_next_sweep()
    {
        var (first, second) = (await OpenAsync(), await OpenAsync());
        var ended = new List<SessionSignal>();
        using var subscription = _backplane.Subscribe((signal, _) =>
        {
            ended.Add(signal);
            return default;
        });
        _outbox.FailFor = first;
        _time.Advance(TimeSpan.FromMinutes(7));
        await _sweeper.SweepAsync(Cancel);
        Assert.Equal([new SessionSignal.Ended(first), new SessionSignal.Ended(second)], ended);

        _outbox.FailFor = null;
        var third = await OpenAsync();
        _time.Advance(TimeSpan.FromMinutes(7));
        await _sweeper.SweepAsync(Cancel);
        Assert.Equal(new SessionSignal.Ended(third), ended[^1]);
    }

    [Fact]
    public async Task What_comes_for_a_session_long_after_its_end_is_gone_with_the_next_sweep_and_nothing_else_is()
    {
        var (ended, alive) = (await OpenAsync(), await OpenAsync());
        var (topic, lifecycle) = (new Topic(TopicKind.Tools), new SessionLifecycle(_store, _inner, _backplane));
        await lifecycle.EndAsync(new(Alice, ended.Id, SessionEra.Handshake), Cancel);
        _time.Advance(TimeSpan.FromMinutes(6));
        _inner.Sweep();
        foreach (var session in new[] { ended, alive })
        {
            Assert.NotEqual(0, await _inner.AppendAsync(session, StreamNames.General, OutboxItemKind.Message, default, Cancel));
            Assert.NotEqual(0, await _inner.AppendAsync(session, "s", OutboxItemKind.Begin, default, Cancel));
            Assert.True(await _inner.SubscribeAsync(session, topic, Cancel));
        }

        using var sweeper = new SessionSweeper(_store, _inner, lifecycle, _options, _time, NullLogger<SessionSweeper>.Instance);
        await sweeper.SweepAsync(Cancel);

        Assert.Equal(1, _inner.Count);
        Assert.Equal([alive], await _inner.FindSubscribersAsync(null, topic, Cancel));
        Assert.True((await _inner.ReadAsync(alive, "s", 0, Cancel)).Exists);
    }

    [Fact]
    public async Task The_mark_of_a_removed_session_stands_for_its_time_and_then_goes()
    {
        var session = await OpenAsync();
        await _inner.AppendAsync(session, "s", OutboxItemKind.Begin, default, Cancel);
        await _inner.AppendAsync(session, "s", OutboxItemKind.End, default, Cancel);
        _time.Advance(TimeSpan.FromMinutes(4));
        await _inner.RemoveAsync(session, Cancel);

        _time.Advance(TimeSpan.FromMinutes(4));
        _inner.Sweep();
        _inner.Sweep(_store);
        Assert.Equal(1, _inner.Count);
        _time.Advance(TimeSpan.FromMinutes(1));
        _inner.Sweep();
        Assert.Equal(0, _inner.Count);
    }

    private async Task<SessionKey> OpenAsync() =>
        (await _store.CreateAsync(new() { Caller = Alice, Era = SessionEra.Handshake }, Cancel)).Session!.Key;

    private sealed class FailingOutbox(ISessionOutbox inner) : ISessionOutbox
    {
        public SessionKey? FailFor { get; set; }

        public ValueTask<long> AppendAsync(SessionKey session, string stream, OutboxItemKind kind, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
            inner.AppendAsync(session, stream, kind, data, cancellationToken);

        public ValueTask<OutboxPage> ReadAsync(SessionKey session, string stream, long after, CancellationToken cancellationToken) =>
            inner.ReadAsync(session, stream, after, cancellationToken);

        public ValueTask MarkDeliveredAsync(SessionKey session, string stream, long position, CancellationToken cancellationToken) =>
            inner.MarkDeliveredAsync(session, stream, position, cancellationToken);

        public ValueTask<bool> SubscribeAsync(SessionKey session, Topic topic, CancellationToken cancellationToken) => inner.SubscribeAsync(session, topic, cancellationToken);

        public ValueTask UnsubscribeAsync(SessionKey session, Topic topic, CancellationToken cancellationToken) => inner.UnsubscribeAsync(session, topic, cancellationToken);

        public ValueTask<IReadOnlyList<string>> FindOpenAsync(SessionKey session, CancellationToken cancellationToken) => inner.FindOpenAsync(session, cancellationToken);

        public ValueTask<IReadOnlyList<SessionKey>> FindSubscribersAsync(TenantId? tenant, Topic topic, CancellationToken cancellationToken) =>
            inner.FindSubscribersAsync(tenant, topic, cancellationToken);

        public ValueTask RemoveAsync(SessionKey session, CancellationToken cancellationToken) =>
            session == FailFor ? throw new SessionStoreUnavailableException() : inner.RemoveAsync(session, cancellationToken);
    }
}
