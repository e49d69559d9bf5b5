using System.Net;
using System.Text.Json.Nodes;
using Stateroom.Isolation.Tests.Support;

namespace Stateroom.Isolation.Tests.Items;

/// <summary>Item 6: an event id of another stream or session is refused. The stateless era has no event ids to resume from.</summary>
public abstract class Item06_EventIdTests(Servers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("acme-alice")]
    [InlineData("acme-bob")]
    [InlineData("globex-alice")]
    public async Task An_event_id_of_another_session_is_refused_like_one_that_never_was(string reader)
    {
        using var alice = await servers.Here().OpenAsync();
        using var call = await HeldCall.StartAsync(alice, "get_current_weather", Rooms.AmbiguousCity);
        using var opened = await servers.Here(reader).OpenAsync();
        foreach (var instance in servers.Weather.Instances)
        {
            using var other = new RawClient(instance.Endpoint, reader) { SessionId = opened.SessionId };
            var never = await Answer.OfAsync(other.SendAsync(HttpMethod.Get, (string?)null, $"{Servers.Never}.AAAAAAAA.1"));
            Assert.Equal(HttpStatusCode.BadRequest, never.Status);
            Assert.Equal(never, await Answer.OfAsync(other.SendAsync(HttpMethod.Get, (string?)null, call.Question.Id)));
            Assert.Equal(never, await Answer.OfAsync(other.SendAsync(HttpMethod.Get, (string?)null, StartOf(call.Question.Id!))));
        }

        using var resumed = await alice.StreamAsync(HttpMethod.Get, lastEventId: StartOf(call.Question.Id!));
        Assert.Equal(call.Question.Data, (await resumed.ReadMessageAsync(Token)).Data);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData(".1")]
    [InlineData("g.")]
    [InlineData("g.-1")]
    [InlineData("g.99999999999999999999")]
    [InlineData("g.1.2.3")]
    [InlineData("../s.1")]
    [InlineData("*.1")]
    public async Task An_event_id_of_no_stream_is_refused(string eventId)
    {
        using var alice = await servers.Here().OpenAsync();
        using var there = servers.There(session: alice.SessionId);

        Assert.Equal(HttpStatusCode.BadRequest, (await Answer.OfAsync(there.SendAsync(HttpMethod.Get, (string?)null, eventId))).Status);
    }

    [Fact]
    public async Task A_position_beyond_the_end_of_an_own_stream_is_refused()
    {
        using var alice = await servers.Here().OpenAsync();
        using var call = await HeldCall.StartAsync(alice, "get_current_weather", Rooms.AmbiguousCity);
        using var there = servers.There(session: alice.SessionId);
        var stream = call.Question.Id![..call.Question.Id!.LastIndexOf('.')];

        Assert.Equal(HttpStatusCode.BadRequest, (await Answer.OfAsync(there.SendAsync(HttpMethod.Get, (string?)null, $"{stream}.1000"))).Status);
    }

    [Fact]
    public async Task The_position_of_another_session_s_general_stream_leads_into_the_own_one()
    {
        using var alice = await Servers.Here(servers.Probe, "acme/alice").OpenAsync();
        using var bob = await Servers.There(servers.Probe, "acme/bob").OpenAsync();
        await SubscribeAsync(alice, "probe://alice-alone");
        await SubscribeAsync(bob, "probe://bob");
        await alice.CallTextAsync("resource_updated", """{"uri":"probe://alice-alone"}""");
        using var hers = await alice.StreamAsync(HttpMethod.Get);
        var heard = await hers.ReadMessageAsync(Token);
        Assert.Contains("probe://alice-alone", heard.Data, StringComparison.Ordinal);

        using var his = await bob.StreamAsync(HttpMethod.Get, lastEventId: StartOf(heard.Id!));
        await bob.CallTextAsync("resource_updated", """{"uri":"probe://bob"}""");

        string data;
        do
        {
            data = (await his.ReadMessageAsync(Token)).Data;
            Assert.DoesNotContain("alice", data, StringComparison.Ordinal);
        }
        while (!data.Contains("probe://bob", StringComparison.Ordinal));
    }

    private static string StartOf(string eventId) => $"{eventId[..eventId.LastIndexOf('.')]}.0";

    private static async Task SubscribeAsync(RawClient client, string uri)
    {
        var request = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = 1, ["method"] = "resources/subscribe", ["params"] = new JsonObject { ["uri"] = uri } };
        var answer = await Answer.OfAsync(client.SendAsync(HttpMethod.Post, request.ToJsonString()));
        Assert.NotNull(answer.Json["result"]);
    }
}

[Collection(nameof(InProcess))]
public sealed class Item06_InProcess(InProcess servers) : Item06_EventIdTests(servers);

[Collection(nameof(OnRedis))]
public sealed class Item06_OnRedis(OnRedis servers) : Item06_EventIdTests(servers);
