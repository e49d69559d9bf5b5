using System.Text.Json;
using System.Text.RegularExpressions;
using Stateroom.TestProcesses.Processes;

namespace Stateroom.TestProcesses.Conformance;

/// <summary>The official conformance suite, run against a server.</summary>
public static partial class ConformanceSuite
{
    private const string Package = "@modelcontextprotocol";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>The scenarios that a server of a revision must pass, as the suite itself lists them.</summary>
    public static IEnumerable<string> RequiredScenarios(string revision) =>
        File.ReadLines(Repository.NodePackage(Package, "conformance", "requirements", $"{revision}.yaml"))
            .SkipWhile(line => line != "server:")
            .Skip(1)
            .TakeWhile(line => line.StartsWith("  - ", StringComparison.Ordinal))
            .Select(line => line["  - ".Length..].Trim());

    /// <summary>Runs all scenarios of a revision and gives the checks of each.</summary>
    public static async Task<ConformanceRun> RunAsync(string revision, Uri endpoint)
    {
        var results = Directory.CreateTempSubdirectory("stateroom-conformance-");
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await using var suite = ChildProcess.Start(
                Repository.Node22(),
                [
                    Repository.NodePackage(Package, "conformance", "dist", "index.js"),
                    "server", "--url", endpoint.AbsoluteUri, "--requirements", revision, "-o", results.FullName,
                ],
                Repository.Clients);
            await suite.WaitAsync(limit.Token);
            var checks = results.EnumerateDirectories()
                .Select(folder => (Scenario: ResultFolder().Match(folder.Name).Groups[1].Value, File: Path.Combine(folder.FullName, "checks.json")))
                .ToDictionary(result => result.Scenario, result => JsonSerializer.Deserialize<ConformanceCheck[]>(File.ReadAllText(result.File), Json)!);
            return new ConformanceRun(checks, suite.Output);
        }
        finally
        {
            results.Delete(recursive: true);
        }
    }

    [GeneratedRegex(@"^server-(.+)-\d{4}-\d\d-\d\dT[\d-]+Z$")]
    private static partial Regex ResultFolder();
}

/// <summary>What a run of the suite found.</summary>
/// <param name="Checks">The checks of each scenario.</param>
/// <param name="Output">What the suite printed.</param>
public sealed record ConformanceRun(IReadOnlyDictionary<string, ConformanceCheck[]> Checks, string Output);

/// <summary>One check of a scenario.</summary>
/// <param name="Id">Its name.</param>
/// <param name="Status">SUCCESS, FAILURE, WARNING, INFO or SKIPPED.</param>
/// <param name="ErrorMessage">What was wrong.</param>
public sealed record ConformanceCheck(string Id, string Status, string? ErrorMessage);
