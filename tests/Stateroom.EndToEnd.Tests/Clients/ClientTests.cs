using Stateroom.EndToEnd.Tests.Processes;
using Stateroom.TestProcesses.Clients;

namespace Stateroom.EndToEnd.Tests.Clients;

public sealed class HandshakeClientTests(Servers servers) : HandshakeClientLife, IDisposable
{
    protected override Uri Weather => servers.Weather;

    protected override Uri Fixture => servers.Fixture;

    public void Dispose() => servers.ShowOutputOfFailure();
}

public sealed class StatelessClientTests(Servers servers) : StatelessClientLife, IDisposable
{
    protected override Uri Weather => servers.Weather;

    protected override Uri Fixture => servers.Fixture;

    public void Dispose() => servers.ShowOutputOfFailure();
}
