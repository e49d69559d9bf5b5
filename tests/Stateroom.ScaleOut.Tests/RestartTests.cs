using Stateroom.ScaleOut.Tests.Load;

namespace Stateroom.ScaleOut.Tests;

/// <summary>Instances come and go under load, and the sessions stay.</summary>
public sealed class RestartTests
{
    private const int Restarts = 10;
    private const int Sessions = 200;
    private const int Workers = 12;
    private const int CallsBetween = 150;

    // How long after a process is gone a call may still have been sent to it by a balancer that has not noticed yet.
    private static readonly TimeSpan Noticing = TimeSpan.FromMilliseconds(300);

    // The sessions of one owner are more than the default allows.
    private static readonly string[] Settings = ["--Stateroom:MaxSessionsPerOwner=1000", "--Logging:LogLevel:Stateroom=Warning"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Instances_that_are_killed_lose_no_session_and_no_acknowledged_write()
    {
        await using var cluster = await Cluster.StartAsync(Cluster.Weather, "nginx/round-robin.conf", arguments: Settings);
        await using var load = await LoadRun.StartAsync(cluster.Endpoint, Sessions, Workers);
        var kills = new List<(DateTimeOffset From, DateTimeOffset Noticed, DateTimeOffset Ready)>();
        for (var i = 0; i < Restarts; i++)
        {
            await load.AnswersAsync(CallsBetween, Token);
            var instance = cluster.Instances[i % cluster.Instances.Count];
            var from = DateTimeOffset.UtcNow;
            await instance.KillAsync();
            var noticed = DateTimeOffset.UtcNow + Noticing;
            await instance.StartReadyAsync(Token);
            kills.Add((from, noticed, DateTimeOffset.UtcNow));
        }

        await load.AnswersAsync(CallsBetween, Token);
        var report = await load.StopAsync();

        Tell(report, load);
        Assert.Equal((0, 0, 0, 0), (report.LostSessions, report.WrongAnswers, report.LostWrites, report.ExtraWrites));

        // This balancer does not ask who is ready: one that is not yet may say so by 503. All other failures are calls that the dead instance had.
        Assert.All(load.Failures, failure => Assert.Contains(
            kills, kill => failure.Started < (failure.IsUnavailable ? kill.Ready : kill.Noticed) && failure.Ended > kill.From));
        Assert.True(report.Failed <= Restarts * Workers, $"{report.Failed} calls failed.");
    }

    [Fact]
    public async Task Instances_that_are_told_to_stop_fail_no_call()
    {
        await using var cluster = await Cluster.StartAsync(Cluster.Weather, "nginx/round-robin.conf", arguments: Settings);
        await using var load = await LoadRun.StartAsync(cluster.Endpoint, Sessions, Workers);
        for (var i = 0; i < Restarts; i++)
        {
            await load.AnswersAsync(CallsBetween, Token);
            var instance = cluster.Instances[i % cluster.Instances.Count];
            await instance.TerminateAsync(Token);
            await instance.StartReadyAsync(Token);
        }

        await load.AnswersAsync(CallsBetween, Token);
        var report = await load.StopAsync();

        Tell(report, load);
        Assert.Equal((0, 0, 0, 0), (report.LostSessions, report.WrongAnswers, report.LostWrites, report.ExtraWrites));
        Assert.Empty(load.Failures.Select(f => $"{f.Started:HH:mm:ss.fff}-{f.Ended:ss.fff} {f.Failure}"));
    }

    private static void Tell(LoadReport report, LoadRun load)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(report.ToString());
        foreach (var failure in load.Failures.OrderBy(f => f.Started))
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"{failure.Started:HH:mm:ss.fff}-{failure.Ended:ss.fff} {failure.Failure}");
        }
    }
}
