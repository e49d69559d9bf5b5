using System.Globalization;
using System.Text.RegularExpressions;

namespace Stateroom.TestProcesses.Telemetry;

/// <summary>What Prometheus would find at an instance's <c>/metrics</c>.</summary>
public sealed partial class Scrape
{
    private static readonly HttpClient Http = new();
    private readonly List<(string Name, Dictionary<string, string> Labels, double Value)> _samples = [];

    /// <param name="text">In Prometheus's text format.</param>
    public Scrape(string text)
    {
        Text = text;
        foreach (Match match in Sample().Matches(text))
        {
            var labels = Label().Matches(match.Groups[2].Value).ToDictionary(m => m.Groups[1].Value, m => m.Groups[2].Value, StringComparer.Ordinal);
            _samples.Add((match.Groups[1].Value, labels, double.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture)));
        }
    }

    public string Text { get; }

    /// <summary>The names of what there is.</summary>
    public IReadOnlySet<string> Names => _samples.Select(s => s.Name).ToHashSet(StringComparer.Ordinal);

    /// <summary>How many series there are.</summary>
    public int Count => _samples.Count;

    /// <summary>Reads the metrics of an instance.</summary>
    public static async Task<Scrape> ReadAsync(Uri server, CancellationToken cancellationToken) => new(await Http.GetStringAsync(new Uri(server, "/metrics"), cancellationToken));

    /// <summary>The values of a label among the series of a metric.</summary>
    public IReadOnlySet<string> Values(string metric, string label) =>
        _samples.Where(s => s.Name == metric && s.Labels.ContainsKey(label)).Select(s => s.Labels[label]).ToHashSet(StringComparer.Ordinal);

    /// <summary>The sum of the series of a metric that have these labels.</summary>
    public double Sum(string metric, params (string Label, string Value)[] labels) =>
        _samples.Where(s => s.Name == metric && labels.All(l => s.Labels.GetValueOrDefault(l.Label) == l.Value)).Sum(s => s.Value);

    [GeneratedRegex(@"^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)(?: \d+)?$", RegexOptions.Multiline)]
    private static partial Regex Sample();

    [GeneratedRegex("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\]|\\\\.)*)\"")]
    private static partial Regex Label();
}
