using System.Text.RegularExpressions;
using Stateroom.Server.Tests.Hosting;

namespace Stateroom.Server.Tests;

/// <summary>What docs/administration.md says to type works as it stands there, one block after the other.</summary>
public sealed partial class AdministrationPageTests
{
    [Fact]
    public async Task Its_curl_lines_list_and_end_sessions()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(ReadmeTests.FindRoot(), "docs", "administration.md"), TestContext.Current.CancellationToken);
        var (server, client) = await ServerProcess.StartAsync("Development");
        await using (server)
        using (client)
        {
            var script = string.Concat(BashBlock().Matches(page).Select(block => block.Groups[1].Value))
                .Replace("http://localhost:3000", client.BaseAddress!.ToString().TrimEnd('/'), StringComparison.Ordinal);

            var answers = (await ReadmeTests.BashAsync(script)).Split('\n', StringSplitOptions.RemoveEmptyEntries);

            Assert.Collection(
                answers,
                Holds("{\"instances\":[{\"id\":", "\"answers\":true", "(200)"),
                Holds("{\"sessions\":[{\"reference\":", "\"tenant\":\"acme\"", "\"name\":\"curl\"", "(200)"),
                Holds("\"tenants\":[{\"tenant\":\"acme\",\"path\":\"acme\"", "\"sessions\":1", "(200)"),
                Holds("{\"tenant\":\"acme\"", "\"limit\":\"MaxSessionsPerTenant\",\"used\":1", "(200)"),
                Holds("\"owner\":\"alice\"", "\"client\":{\"name\":\"curl\",\"version\":\"1\"", "(200)"),
                Holds("{\"reference\":", "\"era\":\"handshake\"", "(200)"),
                Holds("(204)"),
                Holds("\"status\":404", "(404)"),
                Holds("{\"ended\":0}", "(200)"),
                Holds("{\"ended\":0}", "(200)"));
        }
    }

    private static Action<string> Holds(params string[] parts) => line => Assert.All(parts, part => Assert.Contains(part, line, StringComparison.Ordinal));

    [GeneratedRegex("^```bash\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex BashBlock();
}
