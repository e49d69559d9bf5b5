using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Limits;
using Stateroom.AspNetCore.Stateless;
using Stateroom.AspNetCore.Tests.Administration;
using Stateroom.AspNetCore.Tests.Stateless;
using Stateroom.AspNetCore.Tests.Support;
using Stateroom.Sessions;
using Stateroom.State;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Tests.Auditing;

/// <summary>What is refused inside a result or a JSON-RPC error, where no status of HTTP tells it, is in the audit log, once each.</summary>
public sealed class ToldRefusalTests : IDisposable
{
    private readonly AdministrationServer.AuditLines _log = new();

    private static string Alice => CallerFingerprint.Of(Person.AcmeAlice);

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task The_limits_of_sessions_and_of_state_in_the_stateless_era()
    {
        await using var host = await StartAsync(sessions => (sessions.MaxSessionsPerOwner, sessions.MaxStateBytes) = (1, 1024));
        var client = host.Client(Person.AcmeAlice);
        var handle = (await client.CallAsync("count")).Handle;
        Assert.True((await client.CallAsync("count")).IsToolError);
        Assert.True((await client.CallAsync("note", new() { ["length"] = 2000, ["session"] = handle })).IsToolError);

        AuditedOnce($"2105 Information: Refused {Alice} a POST: the limit MaxSessionsPerOwner is reached.");
        AuditedOnce($"2105 Information: Refused {Alice} a POST: the limit MaxStateBytes is reached.");
        Assert.Equal(2, _log.Audit.Count());
        Assert.Equal(1, host.Services.GetRequiredService<RefusalTally>().CountOf(nameof(SessionOptions.MaxSessionsPerOwner)));
    }

    [Fact]
    public async Task The_limit_of_a_tenant_s_sessions_where_a_prompt_opens_one()
    {
        await using var host = await StartAsync(sessions => sessions.MaxSessionsPerTenant = 1, mcp => mcp.WithPrompts<CountedPrompts>());
        await host.Client(Person.AcmeBob).CallAsync("count");
        Assert.NotNull((await host.Client(Person.AcmeAlice).SendAsync("prompts/get", new() { ["name"] = "counted" })).Error);

        AuditedOnce($"2105 Information: Refused {Alice} a POST: the limit MaxSessionsPerTenant is reached.");
        Assert.Single(_log.Audit);
    }

    [Fact]
    public async Task A_listening_stream_too_many()
    {
        await using var host = await StartAsync();
        var client = host.Client(Person.AcmeAlice);
        var wishes = new JsonObject { ["notifications"] = new JsonObject { ["toolsListChanged"] = true } };
        var streams = new List<WireStream>();
        for (var i = 0; i < Listeners.MaxPerCaller; i++)
        {
            streams.Add(await client.OpenAsync("subscriptions/listen", wishes.DeepClone().AsObject()));
            await streams[^1].NextAsync();
        }

        Assert.Equal(-32600, (await client.SendAsync("subscriptions/listen", wishes)).Error);
        AuditedOnce($"2105 Information: Refused {Alice} a POST: the limit MaxListenStreams is reached.");
        Assert.Single(_log.Audit);
        streams.ForEach(stream => stream.Dispose());
    }

    [Fact]
    public async Task A_request_state_and_a_handle_that_do_not_serve()
    {
        await using var host = await StartAsync();
        var (alice, bob) = (host.Client(Person.AcmeAlice), host.Client(Person.AcmeBob));
        var state = (await alice.CallAsync("ask", new() { ["topic"] = "tea" })).State;
        Assert.Equal(-32602, (await bob.CallAsync("ask", new() { ["topic"] = "tea" }, new() { ["requestState"] = state })).Error);
        Assert.True((await bob.CallAsync("peek", new() { ["session"] = SessionId.New() })).IsToolError);
        Assert.True((await bob.CallAsync("close_session", new() { ["session"] = SessionId.New() })).IsToolError);

        var bobs = CallerFingerprint.Of(Person.AcmeBob);
        AuditedOnce($"2108 Information: Refused {bobs} a POST: its requestState is altered, late, used up, or of another caller or request.");
        Assert.Equal(2, _log.Audit.Count(line => line.Contains($"2104 Information: Refused {bobs} a POST: session - is unknown", StringComparison.Ordinal)));
        Assert.Equal(3, _log.Audit.Count());
    }

    [Fact]
    public async Task The_limits_of_the_handshake_era_that_are_told_in_an_error()
    {
        await using var server = await SessionServer.StartAsync(services =>
        {
            services.AddSingleton<ILoggerProvider>(_log);
            services.Configure<SessionOptions>(sessions => (sessions.MaxSubscriptions, sessions.MaxStateBytes, sessions.MaxClientBytes) = (1, 1024, 1024));
        });
        using var client = await server.Client().OpenAsync();
        await SubscribeAsync(client, "room://a");
        await SubscribeAsync(client, "room://b");
        await client.CallAsync("fill", """{"size":2000}""");
        using var large = server.Client();
        var capabilities = """{"experimental":{"x":{"y":"PADDING"}}}""".Replace("PADDING", new string('y', 2000), StringComparison.Ordinal);
        var (status, _) = await RawClient.ReadAsync(large.SendAsync(HttpMethod.Post, RawClient.Initialize(capabilities: capabilities)));
        Assert.Equal(HttpStatusCode.BadRequest, status);

        AuditedOnce($"2105 Information: Refused {Alice} a POST: the limit MaxSubscriptions is reached.");
        AuditedOnce($"2105 Information: Refused {Alice} a POST: the limit MaxStateBytes is reached.");
        AuditedOnce($"2105 Information: Refused {Alice} a POST: the limit MaxClientBytes is reached.");
        Assert.Equal(3, _log.Audit.Count());
    }

    private Task<StatelessHost> StartAsync(Action<SessionOptions>? sessions = null, Action<IMcpServerBuilder>? server = null) =>
        StatelessHost.StartAsync(o => o.SessionTools = true, sessions, server, logging => logging.AddProvider(_log));

    private static async Task SubscribeAsync(RawClient client, string uri)
    {
        using var response = await client.SendAsync(HttpMethod.Post, $$$"""{"jsonrpc":"2.0","id":1,"method":"resources/subscribe","params":{"uri":"{{{uri}}}"}}""");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private void AuditedOnce(string line) => Assert.Single(_log.Audit, logged => logged.Contains(line, StringComparison.Ordinal));

    [McpServerPromptType]
    private sealed class CountedPrompts
    {
        [McpServerPrompt(Name = "counted")]
        public static async Task<string> CountedAsync(ISessionState<Stateless.Counter> state, CancellationToken cancellationToken) =>
            $"{(await state.UpdateAsync(c => c with { Count = c.Count + 1 }, cancellationToken)).Count}";
    }
}
