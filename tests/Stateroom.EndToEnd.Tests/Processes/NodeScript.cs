namespace Stateroom.EndToEnd.Tests.Processes;

/// <summary>Runs a script of the npm workspace.</summary>
internal static class NodeScript
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Runs a script to its end; fails with what it printed where it does not exit with 0.</summary>
    public static async Task RunAsync(string script, Servers servers, CancellationToken cancellationToken)
    {
        _ = Repository.NodePackage("@modelcontextprotocol", "client", "package.json");
        var environment = new Dictionary<string, string>
        {
            ["WEATHER_URL"] = servers.Weather.AbsoluteUri,
            ["FIXTURE_URL"] = servers.Fixture.AbsoluteUri,
        };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        await using var node = ChildProcess.Start("node", [script], Repository.Clients, environment);
        await node.WaitAsync(limit.Token);

        TestContext.Current.TestOutputHelper?.WriteLine(node.Output);
        Assert.True(node.ExitCode == 0, $"{script} exited with {node.ExitCode}:\n{node.Output}");
    }
}
