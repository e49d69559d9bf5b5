namespace Stateroom.TestProcesses.Processes;

/// <summary>Runs a script of the npm workspace.</summary>
public static class NodeScript
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Runs a script to its end; fails with what it printed where it does not exit with 0.</summary>
    /// <param name="script">The script.</param>
    /// <param name="weather">The endpoint of the weather server.</param>
    /// <param name="fixture">The endpoint of the conformance fixture.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task RunAsync(string script, Uri weather, Uri fixture, CancellationToken cancellationToken)
    {
        _ = Repository.NodePackage("@modelcontextprotocol", "client", "package.json");
        var environment = new Dictionary<string, string>
        {
            ["WEATHER_URL"] = weather.AbsoluteUri,
            ["FIXTURE_URL"] = fixture.AbsoluteUri,
        };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        await using var node = ChildProcess.Start("node", [script], Repository.Clients, environment);
        await node.WaitAsync(limit.Token);

        TestContext.Current.TestOutputHelper?.WriteLine(node.Output);
        Assert.True(node.ExitCode == 0, $"{script} exited with {node.ExitCode}:\n{node.Output}");
    }
}
