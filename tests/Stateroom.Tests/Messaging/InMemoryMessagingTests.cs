using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Stateroom.ContractTests;
using Stateroom.Messaging;
using Stateroom.Sessions;

namespace Stateroom.Tests.Messaging;

public sealed class InMemorySessionOutboxTests : SessionOutboxContract
{
    private readonly FakeTimeProvider _time = new();

    protected override ISessionOutbox CreateOutbox(SessionOptions options) => new InMemorySessionOutbox(Options.Create(options), _time);

    protected override Task AdvanceAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }
}

public sealed class InMemorySessionBackplaneTests : SessionBackplaneContract
{
    protected override ISessionBackplane CreateBackplane() => new InMemorySessionBackplane(NullLogger<InMemorySessionBackplane>.Instance);
}
