using Stateroom.ContractTests;
using Stateroom.Limits;
using Stateroom.Messaging;
using Stateroom.Redis.Limits;
using Stateroom.Redis.Tests.Administration;
using Stateroom.Redis.Tests.Support;
using Stateroom.Sessions;
using Xunit;

namespace Stateroom.Redis.Tests.Faults;

/// <summary>The contracts on a Redis Cluster, where a script may only use keys of one slot.</summary>
[Collection("cluster")]
public sealed class RedisClusterStoreTests(RedisCluster cluster) : SessionStoreContract, IClassFixture<RedisCluster>, IAsyncDisposable
{
    private readonly RedisInstances _instances = new(() => cluster.Configuration);

    protected override ISessionStore CreateStore(SessionOptions options, LimitOptions? limits = null) => _instances.Add(options, limits: limits).Store;

    protected override Task AdvanceAsync(TimeSpan time) => _instances.AdvanceAsync(time);

    public ValueTask DisposeAsync() => _instances.DisposeAsync();
}

/// <inheritdoc cref="RedisClusterStoreTests"/>
[Collection("cluster")]
public sealed class RedisClusterDirectoryTests(RedisCluster cluster) : RedisSessionDirectoryContract(() => cluster.Configuration), IClassFixture<RedisCluster>;

/// <inheritdoc cref="RedisClusterStoreTests"/>
[Collection("cluster")]
public sealed class RedisClusterOutboxTests(RedisCluster cluster) : SessionOutboxContract, IClassFixture<RedisCluster>, IAsyncDisposable
{
    private readonly RedisInstances _instances = new(() => cluster.Configuration);

    protected override ISessionOutbox CreateOutbox(SessionOptions options) => _instances.Add(options).Outbox;

    protected override Task AdvanceAsync(TimeSpan time) => _instances.AdvanceAsync(time);

    public ValueTask DisposeAsync() => _instances.DisposeAsync();

    [Fact]
    public async Task Signals_cross_the_cluster()
    {
        var (a, b) = (_instances.Add().StartBackplane(), _instances.Add().StartBackplane());
        await Eventually.TrueAsync(() => a.IsHearing && b.IsHearing);
        using var heard = new SignalRecorder(b);
        var session = new SessionKey(new("acme"), SessionId.New());

        await a.PublishAsync(new SessionSignal.Answer(session, b.InstanceId, "q", "{}"u8.ToArray()), Cancel);
        await a.PublishAsync(new SessionSignal.Ended(session), Cancel);

        var signals = await heard.TakeAsync(2);
        Assert.Single(signals.OfType<SessionSignal.Answer>());
        Assert.Contains(new SessionSignal.Ended(session), signals);
    }
}

/// <inheritdoc cref="RedisClusterStoreTests"/>
[Collection("cluster")]
public sealed class RedisClusterAdmissionTests(RedisCluster cluster) : AdmissionContract, IClassFixture<RedisCluster>, IAsyncDisposable
{
    private readonly RedisInstances _instances = new(() => cluster.Configuration);

    protected override IAdmission CreateAdmission(LimitOptions options) => _instances.Add(limits: options).Admission;

    protected override Task AdvanceAsync(TimeSpan time) => _instances.AdvanceAsync(time);

    protected override Task ReleasedAsync() => _instances.AdvanceAsync(TimeSpan.Zero);

    protected override Task RenewAsync(IAdmission admission) => ((RedisAdmission)admission).RenewAsync();

    public ValueTask DisposeAsync() => _instances.DisposeAsync();
}
