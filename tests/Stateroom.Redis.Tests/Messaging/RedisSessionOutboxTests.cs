using Stateroom.ContractTests;
using Stateroom.Messaging;
using Stateroom.Redis.Tests.Support;
using Stateroom.Sessions;

namespace Stateroom.Redis.Tests.Messaging;

public sealed class RedisSessionOutboxTests(RedisServer server) : SessionOutboxContract, IAsyncDisposable
{
    private readonly RedisInstances _instances = new(() => server.Configuration);

    protected override ISessionOutbox CreateOutbox(SessionOptions options) => _instances.Add(options).Outbox;

    protected override Task AdvanceAsync(TimeSpan time) => _instances.AdvanceAsync(time);

    public ValueTask DisposeAsync() => _instances.DisposeAsync();
}
