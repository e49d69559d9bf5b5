using Stateroom.EndToEnd.Tests.Processes;
using Stateroom.TestProcesses;
using Stateroom.TestProcesses.Processes;

namespace Stateroom.EndToEnd.Tests.Clients;

/// <summary>Clients of other people's making, and the article's load script. What they do stands in the scripts.</summary>
public sealed class ScriptTests(Servers servers) : IDisposable
{
    [Theory]
    [InlineData("life-v1.mjs")]
    [InlineData("life-v2-handshake.mjs")]
    [InlineData("life-v2-stateless.mjs")]
    public Task A_TypeScript_client_leads_a_whole_life(string script) => NodeScript.RunAsync(script, servers.Weather, servers.Fixture, TestContext.Current.CancellationToken);

    [Fact]
    public Task The_load_script_of_the_article_counts_every_call_in_its_own_session() =>
        NodeScript.RunAsync("article-load.mjs", servers.Weather, servers.Fixture, TestContext.Current.CancellationToken);

    [Fact]
    public async Task An_operator_administers_from_a_browser()
    {
        // A server of its own, as it ends all sessions of a tenant.
        await using var server = await ServerProcess.StartAsync(Repository.Program("src", "Stateroom.Server"));
        await NodeScript.RunAsync("admin-page.mjs", server.Endpoint, server.Endpoint, TestContext.Current.CancellationToken);
    }

    public void Dispose() => servers.ShowOutputOfFailure();
}
