using Stateroom.EndToEnd.Tests.Processes;
using Stateroom.TestProcesses;
using Stateroom.TestProcesses.Processes;

[assembly: AssemblyFixture(typeof(Servers))]

namespace Stateroom.EndToEnd.Tests.Processes;

/// <summary>The servers that all tests share: each test has sessions of its own.</summary>
public sealed class Servers : IAsyncLifetime
{
    private ServerProcess? _weather;
    private ServerProcess? _fixture;

    /// <summary>The endpoint of the weather server, with its Development keys.</summary>
    public Uri Weather => _weather!.Endpoint;

    /// <summary>The endpoint of the conformance fixture, for everybody.</summary>
    public Uri Fixture => _fixture!.Endpoint;

    public async ValueTask InitializeAsync()
    {
        _fixture = await ServerProcess.StartAsync(Repository.Program("tests", "Stateroom.Conformance.Fixture"));
        _weather = await ServerProcess.StartAsync(Repository.Program("src", "Stateroom.Server"));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in (ServerProcess?[])[_weather, _fixture])
        {
            if (server is not null)
            {
                await server.DisposeAsync();
            }
        }
    }

    /// <summary>What both servers have printed, where the test that is ending has failed.</summary>
    public void ShowOutputOfFailure()
    {
        if (TestContext.Current.TestState?.Result is TestResult.Failed)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"Weather server:\n{_weather?.Output}\n\nFixture:\n{_fixture?.Output}");
        }
    }
}
