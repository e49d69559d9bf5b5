using Stateroom.Cli.Load;
using Stateroom.Cli.Protocol;
using Stateroom.Cli.Tests.Support;

namespace Stateroom.Cli.Tests.Load;

public sealed class LoadTests
{
    [Theory]
    [InlineData("handshake")]
    [InlineData("stateless")]
    public async Task A_constant_rate_is_kept(string era)
    {
        await using var server = await ServerProcess.StartAsync(Repository.Program("src", "Stateroom.Server"));

        var (code, report) = await Tool.ReportAsync(
            "load", "--url", server.Endpoint.ToString(), "--era", era, "--sessions", "4", "--rate", "20", "--duration", "2s", "--warm-up", "500ms");

        // Every call that is due is made, however busy the machine is.
        var figures = report["targets"]![0]!["figures"]!;
        Assert.Equal(40, (int)figures["calls"]!);
        Assert.Equal(0, code);
        Assert.True((double)figures["p50"]! <= (double)figures["p99"]! && (double)figures["p99"]! <= (double)figures["max"]!);
    }

    [Fact]
    public async Task Two_servers_are_compared_in_turns()
    {
        await using var one = await ServerProcess.StartAsync(Repository.Program("src", "Stateroom.Server"));
        await using var two = await ServerProcess.StartAsync(Repository.Program("tests", "Stateroom.Cli.BrokenServer"));

        var (code, report) = await Tool.ReportAsync(
            "load", "--url", one.Endpoint.ToString(), "--against", two.Endpoint.ToString(), "--sessions", "2", "--duration", "1s", "--warm-up", "200ms");

        Assert.Equal(0, code);
        Assert.Equal(2, report["targets"]!.AsArray().Count);
        Assert.All(report["targets"]!.AsArray(), t => Assert.True((double)t!["figures"]!["callsPerSecond"]! > 0));
        var ratio = report["ratio"]!;
        Assert.InRange((double)ratio["median"]!, (double)ratio["lowest"]!, (double)ratio["highest"]!);
    }

    /// <summary>A call that had to wait its turn waited, whoever made it wait.</summary>
    [Fact]
    public async Task A_server_that_stands_still_is_seen_by_every_call_that_was_due()
    {
        await using var server = await ServerProcess.StartAsync(Repository.Program("tests", "Stateroom.Cli.BrokenServer"), "--fault", "BlindWrite");
        var options = new LoadOptions
        {
            Urls = [server.Endpoint],
            Tokens = ["a"],
            Era = Era.Handshake,
            Call = new("get_current_weather", new() { ["city"] = "Pune" }),
            Sessions = 1,
            Rate = 100,
            Duration = TimeSpan.FromSeconds(1),
            WarmUp = TimeSpan.FromMilliseconds(100),
        };

        var report = await new LoadRun(options, TimeProvider.System).RunAsync(new System.Progress<LoadProgress>(), TestContext.Current.CancellationToken);

        // Each call takes 30 ms or more and one is due every 10 ms: the last one is due at 990 ms and is answered after 3 s at the earliest.
        var figures = Assert.Single(report.Targets).Figures;
        Assert.Equal(100, figures.Calls);
        Assert.True(figures.Max > 1_900, $"{figures}");
        Assert.True(figures.P50 > 900, $"{figures}");
    }

    [Fact]
    public async Task What_fails_is_counted_by_its_kind()
    {
        await using var server = await ServerProcess.StartAsync(Repository.Program("src", "Stateroom.Server"));
        var options = new LoadOptions
        {
            Urls = [server.Endpoint],
            Tokens = ["acme-alice"],
            Era = Era.Handshake,
            Call = new("save_place", new() { ["label"] = "", ["city"] = "Pune" }),
            Sessions = 1,
            Rate = 10,
            Duration = TimeSpan.FromSeconds(1),
            WarmUp = TimeSpan.FromMilliseconds(100),
        };

        var report = await new LoadRun(options, TimeProvider.System).RunAsync(new System.Progress<LoadProgress>(), TestContext.Current.CancellationToken);

        Assert.Equal(ExitCode.Broken, report.ExitCode);
        var figures = Assert.Single(report.Targets).Figures;
        Assert.Equal(10, Assert.Single(figures.Errors, e => e.Key == "tool error: The label is empty. Give one.").Value);
        Assert.Equal(0, figures.CallsPerSecond);
    }
}
