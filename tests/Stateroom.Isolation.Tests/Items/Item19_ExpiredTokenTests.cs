using System.Net;
using Stateroom.Isolation.Tests.Support;

namespace Stateroom.Isolation.Tests.Items;

/// <summary>Item 19: a token that expires under open streams ends them, those of every kind and at every instance; those of a token that serves on stay, and so does the session.</summary>
public abstract class Item19_ExpiredTokenTests(Servers servers)
{
    private static readonly TimeSpan _life = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan _minute = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_that_expires_ends_the_streams_that_it_opened()
    {
        await using var tokens = await TokenCluster.StartAsync(servers);
        var fresh = TokenCluster.Token(tokens.Acme);
        var sessions = await Task.WhenAll(tokens.Weather.Instances.Select(instance => new RawClient(instance.Endpoint, fresh).OpenAsync()));
        var lasting = await Task.WhenAll(tokens.Weather.Instances.Select(instance => OpenLastingAsync(instance, fresh)));

        var brief = TokenCluster.Token(tokens.Acme, _life);
        var opened = await Task.WhenAll(sessions.Zip(tokens.Weather.Instances, (session, instance) => OpenAsync(instance, brief, session.SessionId!)));
        var ended = opened.Select(streams => Task.WhenAll(ReadToEndAsync(streams.General), ReadToEndAsync(streams.Call.Stream), ReadToEndAsync(streams.Listening)));
        await Task.WhenAll(ended).WaitAsync(_minute, Cancellation);

        // The token ended them, and nothing else.
        Assert.All(lasting, stream => Assert.False(stream.IsCompleted));
        foreach (var (streams, session) in opened.Zip(sessions))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await Answer.OfAsync(streams.Client.SendAsync(HttpMethod.Get))).Status);

            // With a fresh token the call is taken up where it was.
            using var resumed = await session.StreamAsync(HttpMethod.Get, lastEventId: streams.Call.Question.Id);
            await streams.Call.AnswerAsync(session, streams.Call.Choice(), "city");
            Assert.Contains("Springfield", RawClient.TextOf((await resumed.ReadMessageAsync(Cancellation)).Json), StringComparison.Ordinal);
            streams.Client.Dispose();
            session.Dispose();
        }
    }

    private static async Task<(RawClient Client, SseReader General, HeldCall Call, SseReader Listening)> OpenAsync(Instance instance, string token, string session)
    {
        var client = new RawClient(instance.Endpoint, token) { SessionId = session };
        var modern = new RawClient(instance.Endpoint, token);
        return (
            client,
            await client.StreamAsync(HttpMethod.Get),
            await HeldCall.StartAsync(client, "get_current_weather", Rooms.AmbiguousCity, id: "7"),
            await modern.ListenAsync(new() { ["toolsListChanged"] = true }));
    }

    private static async Task<Task> OpenLastingAsync(Instance instance, string token)
    {
        var client = await new RawClient(instance.Endpoint, token).OpenAsync();
        return ReadToEndAsync(await client.StreamAsync(HttpMethod.Get));
    }

    private static async Task ReadToEndAsync(SseReader stream)
    {
        while (await stream.ReadAsync(Cancellation) is not null)
        {
            // What comes before the end is not looked at.
        }
    }
}

[Collection(nameof(InProcess))]
public sealed class Item19_InProcess(InProcess servers) : Item19_ExpiredTokenTests(servers);

[Collection(nameof(OnRedis))]
public sealed class Item19_OnRedis(OnRedis servers) : Item19_ExpiredTokenTests(servers);
