using Stateroom.Cli.Commands;
using Stateroom.Cli.Protocol;
using Stateroom.Cli.Tests.Support;

namespace Stateroom.Cli.Tests.Commands;

public sealed class KeyTests
{
    [Fact]
    public async Task The_hash_is_that_of_a_known_key()
    {
        // FIPS 180-2, appendix B.1.
        var (code, output) = await Tool.RunAsync("key", "hash", "abc");

        Assert.Equal(0, code);
        Assert.Equal("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", output.Trim());
    }

    [Fact]
    public async Task A_new_key_lets_its_owner_in_where_its_settings_are()
    {
        var (code, output) = await Tool.RunAsync("key", "new", "--tenant", "acme", "--owner", "alice", "--number", "7");
        Assert.Equal(0, code);
        var lines = output.Split('\n');
        var key = Assert.Single(lines, l => l.Length == 64 && l.All(char.IsAsciiHexDigitLower));
        var settings = lines.Where(l => l.StartsWith("Stateroom__ApiKeys__7__", StringComparison.Ordinal)).Select(l => $"--{l.Replace("__", ":", StringComparison.Ordinal)}").ToArray();
        Assert.Equal(3, settings.Length);
        Assert.Contains($"--Stateroom:ApiKeys:7:KeyHash={KeyCommand.HashOf(key)}", settings);

        await using var server = await ServerProcess.StartAsync(Repository.Program("src", "Stateroom.Server"), settings);
        using var endpoint = new McpEndpoint([server.Endpoint], TimeSpan.FromSeconds(30));
        var sessions = new HandshakeSessions(endpoint);
        Assert.NotNull((await sessions.OpenAsync(key, TestContext.Current.CancellationToken)).Session);
        Assert.Equal(401, (await sessions.OpenAsync(KeyCommand.HashOf(key), TestContext.Current.CancellationToken)).Answer.Status);
    }
}
