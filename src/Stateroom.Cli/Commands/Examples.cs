using System.CommandLine;
using System.Runtime.CompilerServices;

namespace Stateroom.Cli.Commands;

/// <summary>Examples of commands, which their help shows.</summary>
internal static class Examples
{
    private static readonly ConditionalWeakTable<Command, string[]> _examples = [];

    public static T WithExamples<T>(this T command, params string[] examples)
        where T : Command
    {
        _examples.Add(command, examples);
        return command;
    }

    /// <summary>The examples of a command; of one that has none of its own, those of its subcommands.</summary>
    public static IEnumerable<string> Of(Command command) =>
        _examples.TryGetValue(command, out var own) ? own : command.Subcommands.Where(c => !c.Hidden).SelectMany(Of);
}
