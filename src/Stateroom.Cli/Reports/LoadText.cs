using System.Globalization;
using Spectre.Console;
using Stateroom.Cli.Load;

namespace Stateroom.Cli.Reports;

/// <summary>Tells a person what <c>load</c> measured.</summary>
internal static class LoadText
{
    public static string Describe(LoadProgress p) => string.Create(
        CultureInfo.InvariantCulture,
        $"{p.Target}, {p.Phase}: {p.Elapsed.TotalSeconds:F0} of {p.Duration.TotalSeconds:F0} s, {p.CallsPerSecond:N0} calls/s, p50 {p.Figures.P50:F1} ms, p99 {p.Figures.P99:F1} ms, {p.Figures.Errors.Values.Sum():N0} errors");

    public static void Write(IAnsiConsole console, LoadReport report)
    {
        var table = new Table { Border = TableBorder.Rounded };
        foreach (var column in (string[])["", "calls/s", "p50 ms", "p90 ms", "p99 ms", "p99.9 ms", "max ms", "calls", "errors"])
        {
            table.AddColumn(column.Length == 0 ? new TableColumn("Server") : new TableColumn(column).RightAligned());
        }

        foreach (var (name, f) in report.Targets)
        {
            table.AddRow([name.EscapeMarkup(), Number(f.CallsPerSecond, "N0"), .. new[] { f.P50, f.P90, f.P99, f.P999, f.Max }.Select(v => Number(v, "F1")), Number(f.Calls, "N0"), Number(f.Errors.Values.Sum(), "N0")]);
        }

        console.Write(table);
        foreach (var (name, figures) in report.Targets.Where(t => t.Figures.Errors.Count > 0))
        {
            console.WriteLine($"Errors of {name}: {string.Join(", ", figures.Errors.Select(e => $"{Number(e.Value, "N0")} × {e.Key}"))}");
        }

        if (report.Ratio is { } ratio)
        {
            console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"Throughput of the first by that of the second: {ratio.Median:F2} (median of the rounds; {ratio.Lowest:F2} to {ratio.Highest:F2})"));
        }

        console.WriteLine(report.Rate is { } rate
            ? string.Create(CultureInfo.InvariantCulture, $"{report.Sessions} sessions, {rate:N0} calls/s asked for. Latencies count from when a call was due.")
            : $"{report.Sessions} sessions, each calling again as soon as it is answered (a closed loop: latencies flatter a server that stands still; give --rate).");
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
