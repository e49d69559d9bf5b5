using Spectre.Console;

namespace Stateroom.Cli.Reports;

/// <summary>The console.</summary>
internal static class Screen
{
    private const int PlainWidth = 160;

    /// <summary>Where results go. What is no terminal has no width of its own.</summary>
    public static IAnsiConsole Out { get; } = Create(Console.Out, Console.IsOutputRedirected);

    /// <summary>Whether somebody looks on.</summary>
    public static bool IsLive => Out.Profile.Capabilities.Interactive && !Console.IsOutputRedirected;

    private static IAnsiConsole Create(TextWriter writer, bool plain)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = plain ? AnsiSupport.No : AnsiSupport.Detect,
            Interactive = plain ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (plain)
        {
            console.Profile.Width = PlainWidth;
        }

        return console;
    }
}
