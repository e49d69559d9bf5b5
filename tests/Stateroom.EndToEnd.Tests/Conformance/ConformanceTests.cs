using Stateroom.EndToEnd.Tests.Processes;
using Stateroom.TestProcesses.Conformance;

namespace Stateroom.EndToEnd.Tests.Conformance;

/// <summary>Every scenario that the official suite requires of a server, in both eras. There is no list of expected failures.</summary>
public abstract class ConformanceTests(Servers servers, string revision) : IDisposable
{
    // The suite runs once for all scenarios of a revision.
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, Lazy<Task<ConformanceRun>>> Runs = new();

    protected async Task PassesAsync(string scenario)
    {
        var run = await Runs.GetOrAdd(revision, _ => new(() => ConformanceSuite.RunAsync(revision, servers.Fixture))).Value;

        Assert.True(run.Checks.TryGetValue(scenario, out var checks), $"The suite did not run {scenario}:\n{run.Output}");
        var failures = checks.Where(check => check.Status is "FAILURE").Select(check => $"{check.Id}: {check.ErrorMessage}");
        Assert.Empty(failures);
        Assert.Contains(checks, check => check.Status is "SUCCESS");
    }

    protected static TheoryData<string> Required(string revision) => [.. ConformanceSuite.RequiredScenarios(revision)];

    public void Dispose()
    {
        servers.ShowOutputOfFailure();
        GC.SuppressFinalize(this);
    }
}

public sealed class HandshakeConformanceTests(Servers servers) : ConformanceTests(servers, Revision)
{
    private const string Revision = "2025-11-25";

    public static TheoryData<string> Scenarios => Required(Revision);

    [Theory, MemberData(nameof(Scenarios))]
    public Task Passes(string scenario) => PassesAsync(scenario);

    [Fact]
    public void Thirty_scenarios_are_required() => Assert.Equal(30, Scenarios.Count);
}

public sealed class StatelessConformanceTests(Servers servers) : ConformanceTests(servers, Revision)
{
    private const string Revision = "2026-07-28";

    public static TheoryData<string> Scenarios => Required(Revision);

    [Theory, MemberData(nameof(Scenarios))]
    public Task Passes(string scenario) => PassesAsync(scenario);

    [Fact]
    public void Thirty_seven_scenarios_are_required() => Assert.Equal(37, Scenarios.Count);
}
