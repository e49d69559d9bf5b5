using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Stateroom.ContractTests;
using Stateroom.Encryption;
using Stateroom.Limits;
using Stateroom.Messaging;
using Stateroom.Sessions;

namespace Stateroom.Tests.Encryption;

/// <summary>All that a store holds, it holds encrypted too.</summary>
public sealed class EncryptedInMemorySessionStoreTests : SessionStoreContract
{
    private readonly FakeTimeProvider _time = new();

    protected override ISessionStore CreateStore(SessionOptions options, LimitOptions? limits = null) =>
        new EncryptedSessionStore(new InMemorySessionStore(Options.Create(options), _time, limits is null ? null : Options.Create(limits)), Protector.New());

    protected override Task AdvanceAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }
}

/// <summary>All that an outbox holds, it holds encrypted too.</summary>
public sealed class EncryptedInMemorySessionOutboxTests : SessionOutboxContract
{
    private readonly FakeTimeProvider _time = new();

    protected override ISessionOutbox CreateOutbox(SessionOptions options) => new EncryptedSessionOutbox(new InMemorySessionOutbox(Options.Create(options), _time), Protector.New());

    protected override Task AdvanceAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }
}

/// <summary>Signals arrive as they were sent also where answers travel encrypted.</summary>
public sealed class EncryptedInMemorySessionBackplaneTests : SessionBackplaneContract
{
    protected override ISessionBackplane CreateBackplane() =>
        new EncryptedSessionBackplane(new InMemorySessionBackplane(NullLogger<InMemorySessionBackplane>.Instance), Protector.New());
}

internal static class Protector
{
    public static ContentProtector New(EncryptionOptions? options = null, IDataProtectionProvider? provider = null) => new(
        Options.Create(options ?? new EncryptionOptions { EncryptAtRest = true, RefuseUnencrypted = true }),
        NullLogger<ContentProtector>.Instance,
        provider ?? new EphemeralDataProtectionProvider());
}
