using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;
using Stateroom.Cli.Demo;
using Stateroom.Cli.Verify;

namespace Stateroom.Cli.Reports;

/// <summary>Shows the demo while it runs, and sums it up.</summary>
internal static class DemoText
{
    /// <summary>One line, for where nobody looks on.</summary>
    public static string Describe(DemoBoard board) =>
        $"{string.Join("  ", board.Instances.Select(i => $"{i.Name} {StateOf(i.State)} {Number(i.Calls)}"))}  |  {board.What}";

    /// <summary>The board, for where somebody does.</summary>
    public static IRenderable Draw(DemoBoard board) => new Rows(Table(board.Instances), new Text(Travels(board.Sessions, board.Travelled)), new Text(board.What));

    public static void Write(IAnsiConsole console, DemoReport report)
    {
        console.Write(Table(report.Instances));
        console.WriteLine(Travels(report.Sessions, report.Travelled));
        VerifyText.Write(console, report.Verify, report.Options);
        if (report.Load is { } load)
        {
            LoadText.Write(console, load);
        }

        var kills = report.Instances.Sum(i => i.Kills);
        var broken = report.Verify.Checks.Count(c => c.Verdict is CheckVerdict.Broken);
        var lost = report.Load?.Targets.Sum(t => t.Figures.Errors.Values.Sum()) ?? 0;
        console.WriteLine(broken > 0
            ? $"{kills} kills, and {broken} checks are broken: see above."
            : report.Verify.ExitCode == ExitCode.Holds
                ? $"{kills} instances were killed in the middle of their work (kill -9). No session was lost, no acknowledged write was lost, nothing crossed; the calls that were cut off ({Number(lost)} under load) failed and said so."
                : $"{kills} kills; nothing broken was seen, but {(report.Verify.Completed ? "not everything could be decided" : "it was stopped before its end")}.");
    }

    private static Table Table(IReadOnlyList<InstanceRow> instances)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumns("Instance", "Address", "State");
        table.AddColumn(new TableColumn("Requests served").RightAligned());
        table.AddColumn(new TableColumn("Kills").RightAligned());
        foreach (var i in instances)
        {
            var colour = i.State switch { InstanceState.Ready => "green", InstanceState.Killed => "red", _ => "yellow" };
            table.AddRow(i.Name, i.Address.ToString(), $"[{colour}]{StateOf(i.State)}[/]", Number(i.Calls), Number(i.Kills));
        }

        return table;
    }

    private static string Travels(int sessions, int travelled) => $"{Number(travelled)} of {Number(sessions)} sessions of the handshake era were served by more than one instance.";

    private static string StateOf(InstanceState state) => state switch { InstanceState.Ready => "ready", InstanceState.Killed => "killed", _ => "starting" };

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
