using System.Globalization;
using Spectre.Console;
using Stateroom.Cli.Protocol;
using Stateroom.Cli.Verify;

namespace Stateroom.Cli.Reports;

/// <summary>Tells a person what <c>verify</c> found.</summary>
internal static class VerifyText
{
    public static string Describe(VerifyProgress p) => string.Create(
        CultureInfo.InvariantCulture,
        $"{NameOf(p.Era)} era: {p.Elapsed.TotalSeconds:F0} of {p.Duration.TotalSeconds:F0} s, {p.Calls:N0} calls, {p.Sessions:N0} sessions{(p.Elapsed > p.Duration ? ", finishing" : "")}");

    public static void Write(IAnsiConsole console, VerifyReport report, VerifyOptions options)
    {
        console.Write(Table(report));
        foreach (var check in report.Checks.Where(c => c.Counterexample is not null))
        {
            console.MarkupLine($"[red]{check.Check.EscapeMarkup()}[/] ({NameOf(check.Era)} era): {check.Counterexample!.Summary.EscapeMarkup()}");
            foreach (var line in check.Counterexample.Operations)
            {
                console.WriteLine($"  {line}");
            }
        }

        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Calls:N0} calls of {report.Sessions:N0} sessions in {report.Seconds:F0} s: {string.Join(", ", report.Answers.OrderByDescending(a => a.Value).Select(a => $"{a.Value:N0} {a.Key}"))}."));
        if (report.LeftOpen > 0)
        {
            console.WriteLine($"{report.LeftOpen} sessions could not be ended.");
        }

        console.WriteLine(Verdict(report));
        console.WriteLine($"The same operations again: --seed {options.Seed} --sessions {options.Sessions}");
    }

    public static string NameOf(Era era) => era is Era.Handshake ? "handshake" : "stateless";

    public static Table Table(VerifyReport report)
    {
        var table = new Table { Border = TableBorder.Rounded };
        table.AddColumn("Check");
        table.AddColumn("Era");
        table.AddColumn(new TableColumn("Operations").RightAligned());
        table.AddColumn("Verdict");
        table.AddColumn("");
        foreach (var check in report.Checks)
        {
            table.AddRow(
                check.Check.EscapeMarkup(),
                NameOf(check.Era),
                check.Operations.ToString("N0", CultureInfo.InvariantCulture),
                VerdictOf(check.Verdict),
                (check.Counterexample?.Summary ?? check.Note ?? "").EscapeMarkup());
        }

        return table;
    }

    private static string VerdictOf(CheckVerdict verdict) => verdict switch
    {
        CheckVerdict.Holds => "[green]holds[/]",
        CheckVerdict.Broken => "[red bold]BROKEN[/]",
        CheckVerdict.Undecided => "[yellow]undecided[/]",
        _ => "[dim]not checked[/]",
    };

    private static string Verdict(VerifyReport report)
    {
        var broken = report.Checks.Where(c => c.Verdict is CheckVerdict.Broken).Select(c => c.Check).Distinct().ToList();
        return broken.Count > 0 ? $"Broken: {string.Join(", ", broken)}."
            : !report.Completed ? "Stopped before its end; nothing broken was seen until then."
            : report.ExitCode == ExitCode.Holds ? "Everything that was checked holds."
            : report.Checks.Any(c => c.Verdict is CheckVerdict.Undecided) ? "Nothing broken was seen, but not everything could be decided."
            : "Nothing could be checked.";
    }
}
