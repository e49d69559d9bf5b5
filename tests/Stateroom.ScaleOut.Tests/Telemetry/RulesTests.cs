using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Stateroom.TestProcesses.Telemetry;

namespace Stateroom.ScaleOut.Tests.Telemetry;

/// <summary>The alert rules and the dashboard of <c>deploy/</c>: they are sound, and name nothing that a real scrape does not have.</summary>
public sealed partial class RulesTests
{
    private static readonly string _rules = Path.Combine(Repository.Root, "deploy", "prometheus");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_rules_hold_their_own_tests()
    {
        Assert.Equal(0, (await PromtoolAsync(null, "check", "rules", "alerts.yml")).ExitCode);
        var (exitCode, output) = await PromtoolAsync(null, "test", "rules", "alerts_test.yml");
        Assert.True(exitCode == 0, output);
    }

    [Fact]
    public async Task Every_metric_that_rules_and_dashboard_name_is_in_a_real_scrape()
    {
        await using var cluster = await Cluster.StartAsync(Cluster.Weather, instances: 2, arguments: ["--Stateroom:MaxSessionsPerOwner=1", "--Stateroom:MetricsInterval=00:00:01"]);
        using var a = await Cluster.Client(cluster.A, key: "acme-alice").OpenAsync();
        using var b = Cluster.Client(cluster.B, a, key: "acme-alice");
        using var another = Cluster.Client(cluster.B, key: "acme-alice");
        using (var refused = await another.SendAsync(HttpMethod.Post, RawClient.Initialize()))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        }

        await b.CallTextAsync("set_preferred_units", """{"units":"imperial"}""");
        using (var call = await HeldCall.StartAsync(a, "get_current_weather", """{"city":"Springfield"}"""))
        {
            var city = call.Question.Json["params"]!["requestedSchema"]!["properties"]!.AsObject().First().Key;
            await call.AnswerAsync(b, "somewhere", city);
            await call.Stream.ReadMessageAsync(Token);
        }

        using (var ended = await b.SendAsync(HttpMethod.Delete))
        {
            Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        }

        var named = await NamedAsync();
        Assert.InRange(named.Count, 20, 100);
        HashSet<string> missing = [];
        await Eventually.HoldsAsync(
            async () =>
            {
                var scrapes = await Task.WhenAll(cluster.Instances.Select(i => Scrape.ReadAsync(i.Endpoint, Token)));
                missing = [.. named.Except(scrapes.SelectMany(s => s.Names))];
                return missing.Count == 0;
            },
            $"Not in the scrape: {string.Join(' ', missing)}",
            Token);

        // It lints names too: those of the runtime's own metrics are not ours to mend.
        var (_, complaints) = await PromtoolAsync((await Scrape.ReadAsync(cluster.A.Endpoint, Token)).Text, "check", "metrics");
        Assert.DoesNotContain(complaints.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => !line.StartsWith("dotnet_", StringComparison.Ordinal));
    }

    private static async Task<IReadOnlySet<string>> NamedAsync()
    {
        var dashboard = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "deploy", "grafana", "stateroom.json"), Token))!;
        var expressions = dashboard["panels"]!.AsArray().SelectMany(panel => panel!["targets"]?.AsArray() ?? []).Select(target => (string)target!["expr"]!);
        var text = string.Join('\n', expressions) + await File.ReadAllTextAsync(Path.Combine(_rules, "alerts.yml"), Token);
        return MetricName().Matches(Grouping().Replace(text, "")).Select(match => match.Value).ToHashSet(StringComparer.Ordinal);
    }

    private static async Task<(int ExitCode, string Output)> PromtoolAsync(string? input, params string[] arguments)
    {
        var start = new ProcessStartInfo("promtool", arguments) { WorkingDirectory = _rules, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var promtool = Process.Start(start)!;
        var reading = Task.WhenAll(promtool.StandardOutput.ReadToEndAsync(Token), promtool.StandardError.ReadToEndAsync(Token));
        await promtool.StandardInput.WriteAsync(input);
        promtool.StandardInput.Close();
        var output = string.Concat(await reading);
        await promtool.WaitForExitAsync(Token);
        return (promtool.ExitCode, output);
    }

    [GeneratedRegex(@"by \([^)]*\)")]
    private static partial Regex Grouping();

    // Followed by the braces of its labels or by a range: a label has neither.
    [GeneratedRegex(@"\b(?:stateroom|mcp|db|dotnet)_[a-z_]+(?=[{\[)]| ==| /|$)", RegexOptions.Multiline)]
    private static partial Regex MetricName();
}
