using System.Text.Json.Nodes;
using Stateroom.Sessions;

namespace Stateroom.AspNetCore.Tests.Stateless;

public sealed class BadHandleTests
{
    [Fact]
    public async Task Whatever_is_wrong_with_a_handle_the_answer_is_the_same()
    {
        await using var host = await StatelessHost.StartAsync(o => o.SessionTools = true);
        var alice = host.Client(Person.AcmeAlice);
        var expired = (await alice.CallAsync("count")).Handle;
        host.Time.Advance(TimeSpan.FromMinutes(31));
        var ended = (await alice.CallAsync("count")).Handle;
        await alice.CallAsync("close_session", new() { ["session"] = ended });
        var handshake = await host.Store.CreateAsync(new NewSession { Caller = Person.AcmeAlice, Era = SessionEra.Handshake }, TestContext.Current.CancellationToken);

        JsonNode?[] handles =
        [
            SessionId.New(),
            expired,
            ended,
            (await host.Client(Person.AcmeBob).CallAsync("count")).Handle,
            (await host.Client(Person.GlobexAlice).CallAsync("count")).Handle,
            (await host.Client(Person.Nobody).CallAsync("count")).Handle,
            handshake.Session!.Key.Id,
            "not a handle",
            "",
            42,
            new JsonObject { ["id"] = SessionId.New() },
        ];
        var replies = new List<string>();
        foreach (var handle in handles)
        {
            replies.Add((await alice.CallAsync("count", new() { ["session"] = handle })).Result.ToJsonString());
            replies.Add((await alice.CallAsync("close_session", new() { ["session"] = handle?.DeepClone() })).Result.ToJsonString());
        }

        Assert.Single(replies.Distinct());
        Assert.Contains("\"isError\":true", replies[0], StringComparison.Ordinal);
        Assert.Contains("without the argument session", replies[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_foreign_handle_does_not_harm_its_session()
    {
        await using var host = await StatelessHost.StartAsync(o => o.SessionTools = true);
        var alice = host.Client(Person.AcmeAlice);
        var handle = (await alice.CallAsync("count")).Handle;

        foreach (var other in new[] { Person.AcmeBob, Person.GlobexAlice, Person.Nobody })
        {
            Assert.True((await host.Client(other).CallAsync("count", new() { ["session"] = handle })).IsToolError);
        }

        await host.Client(Person.AcmeBob).CallAsync("close_session", new() { ["session"] = handle });
        Assert.Equal("2", (await alice.CallAsync("count", new() { ["session"] = handle })).Text);
    }

    [Fact]
    public async Task A_credential_of_the_anonymous_names_does_not_open_anonymous_sessions()
    {
        await using var host = await StatelessHost.StartAsync();
        var handle = (await host.Client(Person.Nobody).CallAsync("count")).Handle;

        Assert.True((await host.Client(Person.Somebody).CallAsync("count", new() { ["session"] = handle })).IsToolError);
    }

    [Fact]
    public async Task A_bad_handle_has_no_effect()
    {
        await using var host = await StatelessHost.StartAsync();

        var reply = await host.Client(Person.AcmeAlice).CallAsync("count", new() { ["session"] = SessionId.New() });

        Assert.Null(reply.Handle);
        Assert.Empty(await host.Store.ListAsync(Person.AcmeAlice, SessionEra.Stateless, TestContext.Current.CancellationToken));
    }
}
