using Stateroom.Messaging;
using Stateroom.Sessions;
using Xunit;

namespace Stateroom.Tests.Sessions;

public sealed class SessionLifecycleTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ending_a_session_drops_its_messages_and_tells_everybody_once()
    {
        await using var host = new TestHost();
        var (claim, outbox) = (await host.OpenAsync(), host.Get<ISessionOutbox>());
        await outbox.AppendAsync(claim.Key, "s", OutboxItemKind.Begin, default, Cancel);
        var signals = new List<SessionSignal>();
        using var subscription = host.Backplane.Subscribe(async (signal, _) =>
        {
            Assert.Null(await host.Store.TouchAsync(claim, Cancel));
            signals.Add(signal);
        });
        var lifecycle = host.Get<SessionLifecycle>();

        Assert.False(await lifecycle.EndAsync(claim with { Caller = new(TestHost.Alice.Tenant, "bob") }, Cancel));
        Assert.Empty(signals);
        Assert.True((await outbox.ReadAsync(claim.Key, "s", 0, Cancel)).Exists);

        Assert.True(await lifecycle.EndAsync(claim, Cancel));
        Assert.False(await lifecycle.EndAsync(claim, Cancel));
        Assert.Equal([new SessionSignal.Ended(claim.Key)], signals);
        Assert.False((await outbox.ReadAsync(claim.Key, "s", 0, Cancel)).Exists);
    }
}
