using Stateroom.Sessions;

namespace Stateroom.AspNetCore.Tests.Stateless;

public sealed class SessionToolsTests
{
    [Fact]
    public async Task They_are_offered_only_where_the_option_says_so_and_the_caller_has_a_credential()
    {
        await using var with = await StatelessHost.StartAsync(o => o.SessionTools = true);
        await using var without = await StatelessHost.StartAsync();

        Assert.Contains("list_sessions", (await ToolListTests.ToolsAsync(with.Client(Person.AcmeAlice))).Keys);
        Assert.Contains("close_session", (await ToolListTests.ToolsAsync(with.Client(Person.AcmeAlice))).Keys);
        foreach (var client in new[] { with.Client(Person.Nobody), without.Client(Person.AcmeAlice), await with.HandshakeClientAsync(Person.AcmeAlice) })
        {
            Assert.DoesNotContain("list_sessions", (await ToolListTests.ToolsAsync(client)).Keys);
            Assert.DoesNotContain("close_session", (await ToolListTests.ToolsAsync(client)).Keys);
            Assert.Equal(-32602, (await client.CallAsync("list_sessions")).Error);
            Assert.Equal(-32602, (await client.CallAsync("close_session", new() { ["session"] = SessionId.New() })).Error);
        }
    }

    [Fact]
    public async Task A_lost_handle_is_found_again_by_its_owner_alone()
    {
        await using var host = await StatelessHost.StartAsync(o => o.SessionTools = true);
        var alice = host.Client(Person.AcmeAlice);
        var older = (await alice.CallAsync("count")).Handle;
        host.Time.Advance(TimeSpan.FromMinutes(1));
        var newer = (await alice.CallAsync("count")).Handle;
        await host.Client(Person.AcmeBob).CallAsync("count");
        await host.HandshakeClientAsync(Person.AcmeAlice);

        var listed = (await alice.CallAsync("list_sessions")).Result["structuredContent"]!["sessions"]!.AsArray();

        Assert.Equal([newer, older], listed.Select(s => s!["handle"]!.GetValue<string>()));
        Assert.Equal(StatelessHost.Start, listed[1]!["createdAt"]!.GetValue<DateTimeOffset>());
        Assert.Equal(StatelessHost.Start, listed[1]!["lastActiveAt"]!.GetValue<DateTimeOffset>());
    }

    [Fact]
    public async Task A_closed_session_is_gone()
    {
        await using var host = await StatelessHost.StartAsync(o => o.SessionTools = true);
        var alice = host.Client(Person.AcmeAlice);
        var handle = (await alice.CallAsync("count")).Handle;

        Assert.False((await alice.CallAsync("close_session", new() { ["session"] = handle })).IsToolError);

        Assert.True((await alice.CallAsync("count", new() { ["session"] = handle })).IsToolError);
        Assert.True((await alice.CallAsync("close_session", new() { ["session"] = handle })).IsToolError);
        Assert.True((await alice.CallAsync("close_session")).IsToolError);
        Assert.Empty((await alice.CallAsync("list_sessions")).Result["structuredContent"]!["sessions"]!.AsArray());
    }

    [Fact]
    public async Task Their_lists_are_not_for_shared_caches()
    {
        await using var host = await StatelessHost.StartAsync(o => o.SessionTools = true);

        Assert.Equal("private", (await host.Client(Person.AcmeAlice).SendAsync("tools/list")).Result["cacheScope"]!.GetValue<string>());
    }
}
