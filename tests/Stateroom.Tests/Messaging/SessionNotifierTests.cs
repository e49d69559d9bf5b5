using System.Text;
using System.Text.Json;
using Stateroom.Messaging;
using Stateroom.Sessions;
using Stateroom.Tenancy;
using Xunit;

namespace Stateroom.Tests.Messaging;

public sealed class SessionNotifierTests : IAsyncLifetime
{
    private readonly TestHost _host = new();
    private readonly List<SessionSignal> _signals = [];
    private readonly SessionKey _acme = new(new TenantId("acme"), SessionId.New());
    private readonly SessionKey _globex = new(new TenantId("globex"), SessionId.New());
    private IDisposable? _subscription;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private ISessionOutbox Outbox => _host.Get<ISessionOutbox>();

    private ISessionNotifier Notifier => _host.Get<ISessionNotifier>();

    public ValueTask InitializeAsync()
    {
        _subscription = _host.Backplane.Subscribe((signal, _) =>
        {
            _signals.Add(signal);
            return default;
        });
        return default;
    }

    public ValueTask DisposeAsync()
    {
        _subscription?.Dispose();
        return _host.DisposeAsync();
    }

    private async Task<IEnumerable<string>> ReceivedAsync(SessionKey session) =>
        (await Outbox.ReadAsync(session, StreamNames.General, 0, Cancel)).Items.Select(i => Encoding.UTF8.GetString(i.Data.Span));

    [Fact]
    public async Task Lists_that_change_are_told_to_those_who_listen_and_then_to_the_instances()
    {
        await Outbox.SubscribeAsync(_acme, new(TopicKind.Tools), Cancel);
        await Outbox.SubscribeAsync(_acme, new(TopicKind.Prompts), Cancel);
        await Outbox.SubscribeAsync(_globex, new(TopicKind.Tools), Cancel);

        await Notifier.ToolsChangedAsync(cancellationToken: Cancel);
        await Notifier.PromptsChangedAsync(_acme.Tenant, Cancel);
        await Notifier.ResourcesChangedAsync(cancellationToken: Cancel);

        Assert.Equal(
            ["""{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""", """{"jsonrpc":"2.0","method":"notifications/prompts/list_changed"}"""],
            await ReceivedAsync(_acme));
        Assert.Equal(["""{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"""], await ReceivedAsync(_globex));
        Assert.Equal(new SessionSignal.Changed(null, new(TopicKind.Tools)), _signals[2]);
        Assert.Equal(
            [new SessionSignal.Nudge(_acme, "g"), new SessionSignal.Changed(_acme.Tenant, new(TopicKind.Prompts)), new SessionSignal.Changed(null, new(TopicKind.Resources))],
            _signals[3..]);
    }

    [Fact]
    public async Task A_resource_that_changes_is_told_to_its_subscribers_of_the_tenant()
    {
        var topic = new Topic(TopicKind.Resource, "weather://Zürich?a=1&b=\"2\"");
        await Outbox.SubscribeAsync(_acme, topic, Cancel);
        await Outbox.SubscribeAsync(_globex, topic, Cancel);

        await Notifier.ResourceUpdatedAsync(topic.Uri!, _globex.Tenant, Cancel);
        await Notifier.ResourceUpdatedAsync("weather://bern", cancellationToken: Cancel);

        Assert.Empty(await ReceivedAsync(_acme));
        Assert.Equal(
            ["""{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"weather://Zürich?a=1&b=\"2\""}}"""],
            await ReceivedAsync(_globex));
    }

    [Fact]
    public async Task One_session_is_notified_of_anything()
    {
        await Notifier.NotifyAsync(_acme, "notifications/message", JsonElement.Parse("""{"level":"info"}"""), Cancel);
        await Notifier.NotifyAsync(_acme, "notifications/other", cancellationToken: Cancel);

        Assert.Equal(
            ["""{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info"}}""", """{"jsonrpc":"2.0","method":"notifications/other"}"""],
            await ReceivedAsync(_acme));
        Assert.Equal(2, _signals.OfType<SessionSignal.Nudge>().Count());
        await Assert.ThrowsAsync<ArgumentException>(() => Notifier.NotifyAsync(_acme, "x", JsonElement.Parse("[]"), Cancel));
    }

    [Fact]
    public async Task A_session_that_is_gone_is_told_nothing()
    {
        await Outbox.RemoveAsync(_acme, Cancel);

        await Notifier.NotifyAsync(_acme, "notifications/message", cancellationToken: Cancel);

        Assert.Empty(_signals);
        Assert.False((await Outbox.ReadAsync(_acme, StreamNames.General, 0, Cancel)).Exists);
    }
}
