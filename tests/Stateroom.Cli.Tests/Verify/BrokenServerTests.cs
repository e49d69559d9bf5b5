using Stateroom.Cli.Protocol;
using Stateroom.Cli.Verify;

namespace Stateroom.Cli.Tests.Verify;

/// <summary>Servers that are wrong on purpose: each fault is named by its check, and by no other that it does not concern.</summary>
public sealed class BrokenServerTests
{
    private static string Server => Repository.Program("tests", "Stateroom.Cli.BrokenServer");

    public static TheoryData<string, string, string?> Faults => new()
    {
        // A shared room is also one whose counter nobody can explain, and one that never empties.
        { "StaticState", CheckNames.Markers, CheckNames.Linearizable },
        { "SharedCacheKey", CheckNames.Markers, CheckNames.Linearizable },
        { "BlindWrite", CheckNames.Linearizable, null },
        { "OwnerNotChecked", CheckNames.Foreign, null },
        { "EndsAtOneInstance", CheckNames.Ended, null },
        { "LateWriteRevives", CheckNames.Ended, null },
        { "AnswersByRequestId", CheckNames.Answers, null },
        { "SequentialIds", CheckNames.Ids, null },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_is_named_by_its_check(string fault, string check, string? consequence)
    {
        await using var server = await ServerProcess.StartAsync(Server, "--fault", fault);
        var options = Support.Verify.Options(server.Endpoint) with { Eras = [Era.Handshake] };

        var report = await Support.Verify.RunAsync(options);

        var broken = Assert.Single(report.Checks, c => c.Check == check);
        Assert.Equal(CheckVerdict.Broken, broken.Verdict);
        Assert.NotEmpty(broken.Counterexample!.Operations);
        Assert.All(Support.Verify.Broken(report), c => Assert.Contains(c, (string?[])[check, consequence]));
        Assert.Equal(ExitCode.Broken, report.ExitCode);
    }

    [Fact]
    public async Task The_same_server_without_a_fault_holds()
    {
        await using var server = await ServerProcess.StartAsync(Server);

        var report = await Support.Verify.RunAsync(Support.Verify.Options(server.Endpoint) with { Eras = [Era.Handshake] });

        Assert.Empty(Support.Verify.Broken(report));
        Assert.All(report.Checks.Where(c => c.Check != CheckNames.Idle), c => Assert.Equal(CheckVerdict.Holds, c.Verdict));
        Assert.Equal(0, report.LeftOpen);
        Assert.Equal(ExitCode.Holds, report.ExitCode);
    }

    [Theory]
    [InlineData("IdleNeverSlides", "Broken")]
    [InlineData("None", "Holds")]
    public async Task An_idle_timeout_slides_and_ends(string fault, string verdict)
    {
        var idle = TimeSpan.FromSeconds(6);
        await using var server = await ServerProcess.StartAsync(Server, "--fault", fault, "--idle", idle.ToString());
        var options = Support.Verify.Options(server.Endpoint) with { Eras = [Era.Handshake], Idle = idle, Sessions = 1, Duration = TimeSpan.FromSeconds(1) };

        var report = await Support.Verify.RunAsync(options);

        Assert.Equal(verdict, Assert.Single(report.Checks, c => c.Check == CheckNames.Idle).Verdict.ToString());
        Assert.All(Support.Verify.Broken(report), c => Assert.Equal(CheckNames.Idle, c));
    }
}
