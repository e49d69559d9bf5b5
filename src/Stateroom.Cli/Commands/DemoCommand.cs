using System.CommandLine;
using Spectre.Console;
using Stateroom.Cli.Demo;
using Stateroom.Cli.Reports;

namespace Stateroom.Cli.Commands;

/// <summary><c>stateroom demo</c>.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var redis = new Option<string?>("--redis") { Description = "A Redis to use instead of one of its own. It holds the demo's sessions until they expire", HelpName = "HOST:PORT" };
        var duration = SharedOptions.Time("--duration", "How long each of its three parts takes", TimeSpan.FromSeconds(15));
        var every = SharedOptions.Time("--kill-every", "How often an instance is killed", TimeSpan.FromSeconds(3));
        var rate = new Option<double>("--rate") { Description = "Calls a second under load", DefaultValueFactory = _ => 200 };
        var json = SharedOptions.Json();
        var command = new Command("demo", "Starts Redis, three weather servers and a balancer, and verifies and loads them while it kills one after the other.")
        {
            redis, duration, every, rate, json,
        }.WithExamples("stateroom demo", "stateroom demo --duration 1m --kill-every 2s", "stateroom demo --redis localhost:6379");
        command.Does(async (parsed, cancellationToken) =>
        {
            var run = new DemoRun(
                new()
                {
                    Redis = parsed.GetValue(redis),
                    Duration = parsed.GetValue(duration),
                    KillEvery = parsed.GetValue(every),
                    Rate = parsed.GetValue(rate),
                    Seed = Random.Shared.Next(1_000_000),
                },
                TimeProvider.System);
            var report = await ShowAsync(board => run.RunAsync(board, cancellationToken));
            DemoText.Write(Screen.Out, report);
            await JsonReport.WriteAsync(parsed.GetValue(json), report);
            return report.Verify.ExitCode;
        });
        return command;
    }

    private static async Task<DemoReport> ShowAsync(Func<IProgress<DemoBoard>, Task<DemoReport>> run) => Screen.IsLive
        ? await Screen.Out.Live(new Text("Starting …")).AutoClear(true).StartAsync(context => run(new LiveBoard(context)))
        : await ProgressDisplay.RunAsync(DemoText.Describe, run);

    private sealed class LiveBoard(LiveDisplayContext context) : IProgress<DemoBoard>
    {
        public void Report(DemoBoard value) => context.UpdateTarget(DemoText.Draw(value));
    }
}
