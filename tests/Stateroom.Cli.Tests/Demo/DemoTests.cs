using System.Text.Json.Nodes;
using Stateroom.Cli.Tests.Support;

namespace Stateroom.Cli.Tests.Demo;

public sealed class DemoTests
{
    /// <summary>Three instances on one Redis behind a balancer, killed one after the other: everything holds in both eras.</summary>
    [Fact]
    public async Task The_demo_kills_instances_and_everything_holds()
    {
        var (code, report) = await Tool.ReportAsync("demo", "--duration", "8s", "--kill-every", "2s", "--rate", "50");

        var checks = report["verify"]!["checks"]!.AsArray().Select(c => c!.AsObject()).ToList();
        Assert.All(checks, c => Assert.NotEqual("broken", (string?)c["verdict"]));
        Assert.Contains(checks, c => Is(c, "handshake", "no update is lost"));
        Assert.Contains(checks, c => Is(c, "stateless", "no update is lost"));
        Assert.Contains(checks, c => Is(c, "handshake", "live sessions stay"));
        Assert.Equal(0, code);

        var instances = report["instances"]!.AsArray();
        Assert.Equal(3, instances.Count);
        Assert.True(instances.Sum(i => (int)i!["kills"]!) >= 3);
        Assert.All(instances, i => Assert.True((int)i!["calls"]! > 0));
        Assert.True((int)report["travelled"]! > 0);
        Assert.True((int)report["load"]!["targets"]![0]!["figures"]!["calls"]! > 0);
    }

    [Fact]
    public async Task Without_a_redis_it_says_how_to_get_one()
    {
        await using var tool = ChildProcess.Start(
            Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : FindDotnet(),
            [Repository.Program("src", "Stateroom.Cli"), "demo"],
            Path.GetTempPath(),
            new Dictionary<string, string> { ["PATH"] = "" });
        await tool.WaitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.CouldNotRun, tool.ExitCode);
        Assert.Contains("apt-get install redis-server", tool.Output, StringComparison.Ordinal);
    }

    private static bool Is(JsonObject check, string era, string name) =>
        (string?)check["era"] == era && (string?)check["check"] == name && (string?)check["verdict"] == "holds";

    private static string FindDotnet() => Environment.GetEnvironmentVariable("PATH")!
        .Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "dotnet"))
        .First(File.Exists);
}
