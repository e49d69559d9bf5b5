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
    private readonly InMemorySessionStore _store;
    private readonly InMemorySessionBackplane _backplane = new(NullLogger<InMemorySessionBackplane>.Instance);
    private readonly FailingOutbox _outbox;
    private readonly SessionSweeper _sweeper;

    public SessionSweeperTests()
    {
        var options = Options.Create(new SessionOptions { IdleTimeout = TimeSpan.FromMinutes(7), SweepInterval = TimeSpan.FromMinutes(5) });
        _store = new(options, _time);
        _outbox = new(new InMemorySessionOutbox(options, _time));
        _sweeper = new(_store, _outbox, new(_store, _outbox, _backplane), options, _time, NullLogger<SessionSweeper>.Instance);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _sweeper.Dispose();

    [Fact]
    public async Task What_expired_is_dropped_and_announced_at_the_next_interval()
    {
        var session = await OpenAsync();
        await _outbox.AppendAsync(session, "s", OutboxItemKind.Message, default, Cancel);
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

        public ValueTask SubscribeAsync(SessionKey session, Topic topic, CancellationToken cancellationToken) => inner.SubscribeAsync(session, topic, cancellationToken);

        public ValueTask UnsubscribeAsync(SessionKey session, Topic topic, CancellationToken cancellationToken) => inner.UnsubscribeAsync(session, topic, cancellationToken);

        public ValueTask<IReadOnlyList<SessionKey>> FindSubscribersAsync(TenantId? tenant, Topic topic, CancellationToken cancellationToken) =>
            inner.FindSubscribersAsync(tenant, topic, cancellationToken);

        public ValueTask RemoveAsync(SessionKey session, CancellationToken cancellationToken) =>
            session == FailFor ? throw new SessionStoreUnavailableException() : inner.RemoveAsync(session, cancellationToken);
    }
}
