using Stateroom.Cli.Verify;

namespace Stateroom.Cli.Tests.Verify;

public sealed class WeatherServerTests
{
    [Fact]
    public async Task Everything_holds_in_process_in_both_eras()
    {
        await using var server = await ServerProcess.StartAsync(Repository.Program("src", "Stateroom.Server"));

        var report = await Support.Verify.RunAsync(Support.Verify.Options(server.Endpoint));

        Assert.Empty(Support.Verify.Broken(report));
        Assert.Equal(14, report.Checks.Count(c => c.Verdict is CheckVerdict.Holds));
        Assert.Equal(0, report.LeftOpen);
    }
}
