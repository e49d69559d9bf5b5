using System.CommandLine;
using Stateroom.Cli.Commands;
using Stateroom.Cli.Tests.Support;

namespace Stateroom.Cli.Tests.Commands;

public sealed class CommandLineTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Every_command_has_examples_that_it_understands()
    {
        var root = CommandLine.Root();
        var commands = Leaves(root).ToList();
        Assert.True(commands.Count >= 8);
        foreach (var command in commands)
        {
            Assert.NotEmpty(Examples.Of(command));
            foreach (var example in Examples.Of(command))
            {
                // What stands before and after the command is the shell's.
                var words = example.Split(' ').SkipWhile(w => w != "stateroom").Skip(1).TakeWhile(w => w is not ("<" or "|")).ToArray();
                var parsed = root.Parse(words);
                Assert.True(parsed.Errors.Count == 0, $"{example}: {string.Join(' ', parsed.Errors.Select(e => e.Message))}");
                Assert.Equal(command, parsed.CommandResult.Command);
            }
        }
    }

    [Fact]
    public async Task Help_ends_with_examples()
    {
        var (code, output) = await Tool.RunAsync("verify", "--help");

        Assert.Equal(0, code);
        Assert.Contains("--profile", output, StringComparison.Ordinal);
        Assert.Contains("Examples:\n  stateroom verify --url", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("verify --sessions 0", "--sessions is at least 1")]
    [InlineData("verify --duration soon", "is no time")]
    [InlineData("verify --url nowhere", "is no URL")]
    [InlineData("verify --profile no-such-file.json", "cannot be read")]
    [InlineData("load --rate -1", "more than 0")]
    [InlineData("verify --url http://127.0.0.1:9/mcp", "No session can be opened")]
    [InlineData("tenants --url http://127.0.0.1:9/admin", "does not answer")]
    [InlineData("sessions end acme", "Say which to end")]
    [InlineData("dance", "dance")]
    public async Task What_cannot_run_ends_with_2_and_says_why(string arguments, string why)
    {
        var (code, output) = await Tool.RunAsync(arguments.Split(' '));

        Assert.Equal(ExitCode.CouldNotRun, code);
        Assert.Contains(why, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    /// <summary>Ctrl-C: what was opened is ended, and the report says that it did not come to its end.</summary>
    [Fact]
    public async Task An_interrupt_ends_the_sessions()
    {
        await using var server = await ServerProcess.StartAsync(Repository.Program("src", "Stateroom.Server"));
        using var file = new ReportFile();
        await using var tool = Tool.Start("verify", "--url", server.Endpoint.ToString(), "--duration", "5m", "--json", file.Path);
        while (!tool.Output.Contains("calls", StringComparison.Ordinal))
        {
            Assert.False(tool.HasExited, tool.Output);
            await Task.Delay(50, Token);
        }

        await tool.SignalAsync("INT", Token);
        await tool.WaitAsync(Token);

        var report = file.Read()!;
        Assert.Equal(ExitCode.CouldNotRun, tool.ExitCode);
        Assert.False((bool)report["completed"]!);
        Assert.Equal(0, (int)report["leftOpen"]!);
        Assert.True((int)report["sessions"]! > 0);
        Assert.Contains("Stopped before its end", tool.Output, StringComparison.Ordinal);
    }

    private static IEnumerable<Command> Leaves(Command command) =>
        command.Subcommands.Count == 0 ? [command] : command.Subcommands.SelectMany(Leaves);
}
