using Stateroom.Shipping.Tests.Support;

namespace Stateroom.Shipping.Tests.Documentation;

/// <summary>What docs/get-started.md says to type does what it says.</summary>
public sealed class GetStartedTests
{
    [Fact]
    public async Task Two_clients_have_a_room_each_and_a_third_has_none()
    {
        // A machine under load may need longer for an answer than until it becomes an event stream.
        await using var server = await ServerProcess.StartAsync(Repository.Program("src", "Stateroom.Server"), "--Stateroom:StreamAfter=00:01:00");
        var script = Assert.Single(Page.Blocks("docs/get-started.md", "bash")).Replace("http://localhost:3000/mcp", server.Endpoint.ToString(), StringComparison.Ordinal);

        var lines = (await Command.RunAsync(Path.GetTempPath(), "bash", ["-euo", "pipefail", "-c", script])).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Collection(
            lines,
            line => Assert.EndsWith("(200)", line, StringComparison.Ordinal),
            line => Assert.Contains("84.9", line, StringComparison.Ordinal),
            line => Assert.Contains("29.4", line, StringComparison.Ordinal),
            line => Assert.EndsWith("(404)", line, StringComparison.Ordinal));
    }
}
