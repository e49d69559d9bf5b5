using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Stateroom.ContractTests;
using Stateroom.Encryption;
using Stateroom.Limits;
using Stateroom.Messaging;
using Stateroom.Redis.Tests.Support;
using Stateroom.Sessions;

namespace Stateroom.Redis.Tests.Encryption;

/// <summary>All that a store holds, it holds encrypted too.</summary>
public sealed class EncryptedRedisSessionStoreTests(RedisServer server) : SessionStoreContract, IAsyncDisposable
{
    private readonly RedisInstances _instances = new(() => server.Configuration);
    private readonly ContentProtector _protector = Protector.Of(new EphemeralDataProtectionProvider());

    protected override ISessionStore CreateStore(SessionOptions options, LimitOptions? limits = null) =>
        new EncryptedSessionStore(_instances.Add(options, limits: limits).Store, _protector);

    protected override Task AdvanceAsync(TimeSpan time) => _instances.AdvanceAsync(time);

    public ValueTask DisposeAsync() => _instances.DisposeAsync();
}

/// <summary>All that an outbox holds, it holds encrypted too.</summary>
public sealed class EncryptedRedisSessionOutboxTests(RedisServer server) : SessionOutboxContract, IAsyncDisposable
{
    private readonly RedisInstances _instances = new(() => server.Configuration);
    private readonly ContentProtector _protector = Protector.Of(new EphemeralDataProtectionProvider());

    protected override ISessionOutbox CreateOutbox(SessionOptions options) => new EncryptedSessionOutbox(_instances.Add(options).Outbox, _protector);

    protected override Task AdvanceAsync(TimeSpan time) => _instances.AdvanceAsync(time);

    public ValueTask DisposeAsync() => _instances.DisposeAsync();
}

/// <summary>Signals arrive as they were sent also where answers travel encrypted.</summary>
public sealed class EncryptedRedisSessionBackplaneTests(RedisServer server) : SessionBackplaneContract, IAsyncDisposable
{
    private readonly RedisInstances _instances = new(() => server.Configuration);
    private readonly ContentProtector _protector = Protector.Of(new EphemeralDataProtectionProvider());

    protected override ISessionBackplane CreateBackplane() => new EncryptedSessionBackplane(_instances.Add().StartBackplane(), _protector);

    public ValueTask DisposeAsync() => _instances.DisposeAsync();
}

internal static class Protector
{
    public static ContentProtector Of(IDataProtectionProvider provider, EncryptionOptions? options = null) =>
        new(Options.Create(options ?? new EncryptionOptions { EncryptAtRest = true, RefuseUnencrypted = true }), NullLogger<ContentProtector>.Instance, provider);
}
