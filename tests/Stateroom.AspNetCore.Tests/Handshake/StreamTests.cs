using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Tests.Support;
using Stateroom.Messaging;
using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Tests.Handshake;

public class StreamTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_resource_update_reaches_those_who_subscribed_in_its_tenant_and_nobody_else()
    {
        await using var server = await SessionServer.StartAsync();
        using var alice = await server.Client("acme/alice").OpenAsync();
        using var stranger = await server.Client("globex/alice").OpenAsync();
        await SubscribeAsync(alice, "room://a");
        await SubscribeAsync(stranger, "room://a");
        using var stream = await alice.StreamAsync(HttpMethod.Get);
        using var strangers = await stranger.StreamAsync(HttpMethod.Get);

        var notifier = server.Services.GetRequiredService<ISessionNotifier>();
        await notifier.ResourceUpdatedAsync("room://b", cancellationToken: Cancellation);
        await notifier.ResourceUpdatedAsync("room://a", new TenantId("acme"), Cancellation);
        Assert.Equal("room://a", await NextUriAsync(stream));

        await notifier.ResourceUpdatedAsync("room://a", new TenantId("globex"), Cancellation);
        Assert.Equal("room://a", await NextUriAsync(strangers));
        await SubscribeAsync(alice, "room://a", "resources/unsubscribe");
        await SubscribeAsync(alice, "room://c");
        await notifier.ResourceUpdatedAsync("room://a", cancellationToken: Cancellation);
        await notifier.ResourceUpdatedAsync("room://c", cancellationToken: Cancellation);
        Assert.Equal("room://c", await NextUriAsync(stream));
    }

    [Fact]
    public async Task A_changed_tool_collection_is_told_once_to_every_open_stream()
    {
        await using var server = await SessionServer.StartAsync();
        using var alice = await server.Client("acme/alice").OpenAsync();
        using var bob = await server.Client("globex/bob").OpenAsync();
        using var first = await alice.StreamAsync(HttpMethod.Get);
        using var second = await bob.StreamAsync(HttpMethod.Get);
        Assert.Equal("", (await first.ReadAsync(Cancellation))!.Data);
        Assert.Equal("", (await second.ReadAsync(Cancellation))!.Data);
        using var busy = await alice.StreamAsync(HttpMethod.Post, RawClient.Call("report", """{"gate":"l"}""", "9", """{"progressToken":1}"""));
        await busy.ReadMessageAsync(Cancellation);

        server.Services.GetRequiredService<IOptions<McpServerOptions>>().Value.ToolCollection!.Add(McpServerTool.Create(() => "new", new() { Name = "new" }));
        Assert.Equal("notifications/tools/list_changed", (string?)(await first.ReadMessageAsync(Cancellation)).Json["method"]);
        Assert.Equal("notifications/tools/list_changed", (string?)(await second.ReadMessageAsync(Cancellation)).Json["method"]);
        server.Gates.Open("l");
        Assert.Equal("notifications/progress", (string?)(await busy.ReadMessageAsync(Cancellation)).Json["method"]);
    }

    [Fact]
    public async Task A_stream_that_was_cut_goes_on_after_the_last_event_in_order_and_once()
    {
        await using var server = await SessionServer.StartAsync();
        using var client = await server.Client().OpenAsync();
        await SubscribeAsync(client, "room://a");
        var notifier = server.Services.GetRequiredService<ISessionNotifier>();
        string? last;
        using (var stream = await client.StreamAsync(HttpMethod.Get))
        {
            await notifier.ResourceUpdatedAsync("room://a", cancellationToken: Cancellation);
            last = (await stream.ReadMessageAsync(Cancellation)).Id;
        }

        for (var i = 0; i < 3; i++)
        {
            await notifier.ResourceUpdatedAsync("room://a", cancellationToken: Cancellation);
        }

        using var resumed = await client.StreamAsync(HttpMethod.Get, lastEventId: last);
        var ids = new List<string?>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add((await resumed.ReadMessageAsync(Cancellation)).Id);
        }

        Assert.Equal(["g.2", "g.3", "g.4"], ids);
    }

    [Fact]
    public async Task A_gap_is_told_never_silent()
    {
        await using var server = await SessionServer.StartAsync(s => s.Configure<SessionOptions>(o => o.MaxOutboxMessages = 2));
        using var client = await server.Client().OpenAsync();
        await SubscribeAsync(client, "room://a");
        var notifier = server.Services.GetRequiredService<ISessionNotifier>();
        for (var i = 0; i < 5; i++)
        {
            await notifier.ResourceUpdatedAsync("room://a", cancellationToken: Cancellation);
        }

        using var resumed = await client.StreamAsync(HttpMethod.Get, lastEventId: "g.1");
        var methods = new List<string?>();
        for (var i = 0; i < 4; i++)
        {
            methods.Add((string?)(await resumed.ReadMessageAsync(Cancellation)).Json["method"]);
        }

        Assert.Equal(["notifications/tools/list_changed", "notifications/resources/list_changed", "notifications/resources/updated", "notifications/resources/updated"], methods);
    }

    [Fact]
    public async Task There_is_one_GET_stream_a_session_and_the_newest_reader_has_it()
    {
        await using var server = await SessionServer.StartAsync();
        using var client = await server.Client().OpenAsync();
        using var first = await client.StreamAsync(HttpMethod.Get);
        var position = (await first.ReadAsync(Cancellation))!.Id;
        using var second = await client.StreamAsync(HttpMethod.Get, lastEventId: position);
        Assert.Null(await first.ReadAsync(Cancellation));

        var notifier = server.Services.GetRequiredService<ISessionNotifier>();
        await notifier.ToolsChangedAsync(cancellationToken: Cancellation);
        Assert.NotNull(await second.ReadMessageAsync(Cancellation));
        using var third = await client.StreamAsync(HttpMethod.Get);
        Assert.Null(await second.ReadAsync(Cancellation));

        // What the second one was given is not given to the third again.
        await notifier.ResourcesChangedAsync(cancellationToken: Cancellation);
        Assert.Equal("notifications/resources/list_changed", (string?)(await third.ReadMessageAsync(Cancellation)).Json["method"]);
    }

    [Fact]
    public async Task The_stream_of_a_call_whose_instance_is_gone_ends_with_an_error_for_the_call()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(60));
        await using var server = await SessionServer.StartAsync(s => s.AddSingleton<TimeProvider>(clock));
        using var client = await server.Client().OpenAsync();
        var session = new SessionKey(new TenantId("acme"), client.SessionId!);
        var outbox = server.Services.GetRequiredService<ISessionOutbox>();
        await outbox.AppendAsync(session, "gone.12345678", OutboxItemKind.Begin, "\"call-7\""u8.ToArray(), Cancellation);
        using var stream = await client.StreamAsync(HttpMethod.Get, lastEventId: "gone.12345678.1");
        Assert.Equal("", (await stream.ReadAsync(Cancellation))!.Data);

        clock.Advance(TimeSpan.FromSeconds(4));
        var error = (await stream.ReadMessageAsync(Cancellation)).Json;
        Assert.Equal("call-7", (string?)error["id"]);
        Assert.NotNull(error["error"]);
        Assert.Null(await stream.ReadAsync(Cancellation));
    }

    [Fact]
    public async Task A_call_that_was_cut_runs_on_and_its_answer_waits_for_the_client()
    {
        await using var server = await SessionServer.StartAsync();
        using var client = await server.Client().OpenAsync();
        string? last;
        using (var stream = await client.StreamAsync(HttpMethod.Post, RawClient.Call("report", """{"gate":"cut"}""", "4", """{"progressToken":1}""")))
        {
            last = (await stream.ReadMessageAsync(Cancellation)).Id;
        }

        server.Gates.Open("cut");
        using var resumed = await client.StreamAsync(HttpMethod.Get, lastEventId: last);
        Assert.Equal(2, (int)(await resumed.ReadMessageAsync(Cancellation)).Json["params"]!["progress"]!);
        Assert.Equal("reported", RawClient.TextOf((await resumed.ReadMessageAsync(Cancellation)).Json));
        Assert.Null(await resumed.ReadAsync(Cancellation));
    }

    [Fact]
    public async Task A_stream_that_has_ended_ends_at_once_for_who_has_it_all_and_a_position_that_never_was_is_refused()
    {
        await using var server = await SessionServer.StartAsync();
        using var client = await server.Client().OpenAsync();
        server.Gates.Open("done");
        string? last = null;
        using (var stream = await client.StreamAsync(HttpMethod.Post, RawClient.Call("report", """{"gate":"done"}""", "4", """{"progressToken":1}""")))
        {
            while (await stream.ReadAsync(Cancellation) is { } read)
            {
                last = read.Id;
            }
        }

        using var resumed = await client.StreamAsync(HttpMethod.Get, lastEventId: last);
        Assert.Equal("", (await resumed.ReadAsync(Cancellation))!.Data);
        Assert.Null(await resumed.ReadAsync(Cancellation));

        // The end itself is a position, the one after it is none.
        var end = long.Parse(last![(last!.LastIndexOf('.') + 1)..], System.Globalization.CultureInfo.InvariantCulture) + 1;
        using var atEnd = await client.StreamAsync(HttpMethod.Get, lastEventId: $"{last[..last.LastIndexOf('.')]}.{end}");
        await atEnd.ReadAsync(Cancellation);
        Assert.Null(await atEnd.ReadAsync(Cancellation));
        Assert.Equal(HttpStatusCode.BadRequest, (await RawClient.ReadAsync(client.SendAsync(HttpMethod.Get, lastEventId: $"{last[..last.LastIndexOf('.')]}.{end + 1}"))).Status);
    }

    [Fact]
    public async Task A_client_that_was_farther_than_the_general_stream_is_told_to_list_again()
    {
        await using var server = await SessionServer.StartAsync();
        using var client = await server.Client().OpenAsync();
        using var stream = await client.StreamAsync(HttpMethod.Get, lastEventId: "g.5");
        Assert.Equal("notifications/tools/list_changed", (string?)(await stream.ReadMessageAsync(Cancellation)).Json["method"]);
        Assert.Equal("notifications/resources/list_changed", (string?)(await stream.ReadMessageAsync(Cancellation)).Json["method"]);
        await server.Services.GetRequiredService<ISessionNotifier>().ToolsChangedAsync(cancellationToken: Cancellation);
        Assert.Equal("g.1", (await stream.ReadMessageAsync(Cancellation)).Id);
    }

    [Fact]
    public async Task A_paused_stream_closes_with_a_time_to_come_back_and_goes_on_from_there()
    {
        await using var server = await SessionServer.StartAsync();
        using var client = await server.Client().OpenAsync();
        using var stream = await client.StreamAsync(HttpMethod.Post, RawClient.Call("pause", """{"gate":"p"}"""));
        SseEvent? last = null;
        while (await stream.ReadAsync(Cancellation) is { } read)
        {
            last = read;
        }

        Assert.Equal("20", last!.Retry);
        server.Gates.Open("p");
        using var resumed = await client.StreamAsync(HttpMethod.Get, lastEventId: last.Id);
        Assert.Equal("resumed", RawClient.TextOf((await resumed.ReadMessageAsync(Cancellation)).Json));
    }

    [Fact]
    public async Task An_event_id_of_another_session_or_stream_is_refused()
    {
        await using var server = await SessionServer.StartAsync();
        using var alice = await server.Client("acme/alice").OpenAsync();
        using var bob = await server.Client("acme/bob").OpenAsync();
        using var stream = await alice.StreamAsync(HttpMethod.Post, RawClient.Call("report", """{"gate":"e"}""", "4", """{"progressToken":1}"""));
        var id = (await stream.ReadMessageAsync(Cancellation)).Id;
        foreach (var stolen in new[] { id, "nonsense", "zzz.1", "g.x", "g.-1", ".1" })
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await RawClient.ReadAsync(bob.SendAsync(HttpMethod.Get, lastEventId: stolen))).Status);
        }

        server.Gates.Open("e");
        await stream.ReadMessageAsync(Cancellation);
    }

    [Fact]
    public async Task An_older_revision_is_sent_no_event_without_data()
    {
        await using var server = await SessionServer.StartAsync();
        using var client = await new RawClient(server.Url, "acme/alice") { Version = "2025-06-18" }.OpenAsync();
        using var stream = await client.StreamAsync(HttpMethod.Post, RawClient.Call("report", """{"gate":"o"}""", "4", """{"progressToken":1}"""));
        Assert.NotEqual("", (await stream.ReadAsync(Cancellation))!.Data);
        server.Gates.Open("o");
    }

    private static async Task<string?> NextUriAsync(SseReader stream)
    {
        var message = (await stream.ReadMessageAsync(Cancellation)).Json;
        Assert.Equal("notifications/resources/updated", (string?)message["method"]);
        return (string?)message["params"]!["uri"];
    }

    private static async Task SubscribeAsync(RawClient client, string uri, string method = "resources/subscribe")
    {
        var request = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = method, ["params"] = new JsonObject { ["uri"] = uri } };
        var (status, body) = await RawClient.ReadAsync(client.SendAsync(HttpMethod.Post, request.ToJsonString()));
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.NotNull(JsonNode.Parse(body)!["result"]);
    }
}
