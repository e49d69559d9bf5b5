using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Stateroom.Administration;
using Stateroom.ContractTests;
using Stateroom.Messaging;
using Stateroom.Sessions;

namespace Stateroom.Tests.Administration;

public sealed class InMemorySessionDirectoryTests : SessionDirectoryContract
{
    private readonly FakeTimeProvider _time = new();

    protected override Parts CreateParts(SessionOptions options)
    {
        var (store, outbox, readers) = (new InMemorySessionStore(Options.Create(options), _time), new InMemorySessionOutbox(Options.Create(options), _time), new InMemoryStreamReaders());
        return new(store, outbox, readers, new InMemorySessionBackplane(NullLogger<InMemorySessionBackplane>.Instance), new InMemorySessionDirectory(store, outbox, readers));
    }

    protected override Task AdvanceAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }

    protected override ISessionAdministration Administration(Parts parts) =>
        new SessionAdministration(parts.Directory, new SessionLifecycle(parts.Store, parts.Outbox, parts.Backplane));
}
