using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Stateroom.Cli.Commands;

/// <summary>All commands of the program.</summary>
internal static class CommandLine
{
    /// <summary>How long a command that is cancelled may take to tidy up.</summary>
    private static readonly TimeSpan _tidying = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(string[] args)
    {
        var root = Root();
        var parsed = root.Parse(args);
        var status = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = _tidying, EnableDefaultExceptionHandler = false });
        return parsed.Errors.Count > 0 ? ExitCode.CouldNotRun : status;
    }

    public static Command Root()
    {
        // A RootCommand would be called like the file that it runs from.
        var root = new Command("stateroom", "Proves, loads and shows MCP servers that keep sessions.") { new HelpOption(), new VersionOption() };
        root.Add(VerifyCommand.Create());
        root.Add(LoadCommand.Create());
        root.Add(DemoCommand.Create());
        root.Add(SessionsCommand.Create());
        root.Add(TenantsCommand.Create());
        root.Add(KeyCommand.Create());
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            help.Action = new HelpWithExamples((HelpAction)help.Action!);
        }

        return root;
    }

    /// <summary>Sets what a command does, and tells what the caller can put right in one line.</summary>
    public static void Does(this Command command, Func<ParseResult, CancellationToken, Task<int>> action) => command.SetAction(async (parsed, cancellationToken) =>
    {
        try
        {
            return await action(parsed, cancellationToken);
        }
        catch (UsageException e)
        {
            await Console.Error.WriteLineAsync(e.Message);
            return ExitCode.CouldNotRun;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ExitCode.CouldNotRun;
        }
#pragma warning disable CA1031 // Whatever went wrong here: the caller's program must not take it for a verdict on the server.
        catch (Exception e)
#pragma warning restore CA1031
        {
            await Console.Error.WriteLineAsync($"A fault of this program: {e}");
            return ExitCode.CouldNotRun;
        }
    });

    /// <summary>The usual help, and then the command's examples.</summary>
    private sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            var status = usual.Invoke(parseResult);
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var example in Examples.Of(parseResult.CommandResult.Command))
            {
                output.WriteLine($"  {example}");
            }

            return status;
        }
    }
}
