using Stateroom.ContractTests;
using Stateroom.Limits;
using Stateroom.Redis.Tests.Support;
using Stateroom.Sessions;

namespace Stateroom.Redis.Tests.Sessions;

public sealed class RedisSessionStoreTests(RedisServer server) : SessionStoreContract, IAsyncDisposable
{
    private readonly RedisInstances _instances = new(() => server.Configuration);

    protected override ISessionStore CreateStore(SessionOptions options, LimitOptions? limits = null) => _instances.Add(options, limits: limits).Store;

    protected override Task AdvanceAsync(TimeSpan time) => _instances.AdvanceAsync(time);

    public ValueTask DisposeAsync() => _instances.DisposeAsync();
}
