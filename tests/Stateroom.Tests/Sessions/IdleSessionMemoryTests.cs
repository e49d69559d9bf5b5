using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Stateroom.Sessions;
using Stateroom.Tenancy;
using Xunit;

namespace Stateroom.Tests.Sessions;

[CollectionDefinition(nameof(IdleSessionMemoryTests), DisableParallelization = true)]
public sealed class RunsAlone;

/// <summary>Measures memory, so nothing else runs meanwhile.</summary>
[Collection(nameof(IdleSessionMemoryTests))]
public sealed class IdleSessionMemoryTests
{
    private const int Sessions = 100_000;

    [Fact]
    public async Task A_hundred_thousand_idle_sessions_take_less_than_a_kilobyte_each()
    {
        var cancel = TestContext.Current.CancellationToken;
        var client = Encoding.UTF8.GetBytes(
            """{"protocolVersion":"2025-11-25","clientInfo":{"name":"example-client","title":"Example Client","version":"1.24.3"},"capabilities":{"elicitation":{},"roots":{"listChanged":true},"sampling":{},"tasks":{}}}""");
        var state = Encoding.UTF8.GetBytes("""[1,{"preferredUnits":1,"toolCallCount":9}]""");
        var store = new InMemorySessionStore(Options.Create(new SessionOptions { MaxSessionsPerTenant = Sessions }), new FakeTimeProvider());
        var before = GC.GetTotalMemory(forceFullCollection: true);

        // As in life, every request brings texts of its own; 20 sessions an owner, 10 tenants.
        for (var i = 0; i < Sessions; i++)
        {
            var caller = new Caller(new TenantId($"tenant-{i % 10}"), $"owner-{i / 200}-{i % 10}");
            var creation = await store.CreateAsync(
                new() { Caller = caller, Era = SessionEra.Handshake, Client = client, State = [new("Weather.WeatherSession", state)] }, cancel);
            Assert.Equal(SessionCreationStatus.Created, creation.Status);
        }

        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Sessions;
        GC.KeepAlive(store);

        var message = $"{Sessions:N0} idle sessions with {client.Length} bytes of client and {state.Length} bytes of state: {bytes:N0} bytes each";
        TestContext.Current.TestOutputHelper?.WriteLine(message);
        TestContext.Current.SendDiagnosticMessage(message);
        Assert.InRange(bytes, 300, 1023);
    }
}
