using System.Text.Json.Nodes;
using Stateroom.Cli.Protocol;
using Stateroom.Cli.Tests.Support;

namespace Stateroom.Cli.Tests.Commands;

public sealed class AdminTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tenants_and_sessions_are_listed_shown_and_ended()
    {
        await using var server = await ServerProcess.StartAsync(Repository.Program("src", "Stateroom.Server"));
        var url = new Uri(server.Address, "/admin").ToString();
        using var endpoint = new McpEndpoint([server.Endpoint], TimeSpan.FromSeconds(30));
        var sessions = new HandshakeSessions(endpoint);
        List<IMcpSession> open = [];
        foreach (var key in (string[])["acme-alice", "acme-alice", "acme-bob", "globex-alice"])
        {
            open.Add((await sessions.OpenAsync(key, Token)).Session!);
        }

        var tenants = await ListAsync("tenants", "--url", url);
        Assert.Equal(["acme", "globex"], tenants.Select(t => (string?)t!["tenant"]));
        Assert.Equal(3, (int)tenants[0]!["sessions"]!);

        var alices = await ListAsync("sessions", "list", "acme", "--owner", "alice", "--era", "handshake", "--url", url);
        Assert.Equal(2, alices.Count);
        var reference = (string)alices[0]!["reference"]!;
        Assert.Contains("alice", (await Tool.RunAsync("sessions", "show", "acme", reference[..12], "--url", url)).Output, StringComparison.Ordinal);

        Assert.Equal(0, (await Tool.RunAsync("sessions", "end", "acme", reference, "--url", url)).ExitCode);
        Assert.Equal(ExitCode.CouldNotRun, (await Tool.RunAsync("sessions", "show", "acme", reference, "--url", url)).ExitCode);
        Assert.Contains("1 ended", (await Tool.RunAsync("sessions", "end", "acme", "--owner", "alice", "--url", url)).Output, StringComparison.Ordinal);
        Assert.Contains("1 ended", (await Tool.RunAsync("sessions", "end", "globex", "--all", "--url", url)).Output, StringComparison.Ordinal);

        List<bool> alive = [];
        foreach (var session in open)
        {
            alive.Add((await session.CallAsync(new("get_session_info", []), null, null, Token)).IsOk);
        }

        Assert.Equal([false, false, true, false], alive);
    }

    [Fact]
    public async Task A_token_without_the_scope_is_told_so()
    {
        await using var server = await ServerProcess.StartAsync(Repository.Program("src", "Stateroom.Server"));

        var (code, output) = await Tool.RunAsync("tenants", "--url", new Uri(server.Address, "/admin").ToString(), "--token", "acme-alice");

        Assert.Equal(ExitCode.CouldNotRun, code);
        Assert.Contains("stateroom:admin", output, StringComparison.Ordinal);
    }

    private static async Task<JsonArray> ListAsync(params string[] arguments)
    {
        using var file = new ReportFile();
        Assert.Equal(0, (await Tool.RunAsync([.. arguments, "--json", file.Path])).ExitCode);
        return JsonNode.Parse(await File.ReadAllTextAsync(file.Path, Token))!.AsArray();
    }
}
