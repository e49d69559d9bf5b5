using System.Text.Json.Nodes;
using Stateroom.Isolation.Tests.Support;

namespace Stateroom.Isolation.Tests.Items;

/// <summary>Item 5: clients that use equal JSON-RPC ids, progress tokens or question ids at the same time get their own answers.</summary>
public abstract class Item05_EqualIdTests(Servers servers)
{
    private const int Rounds = 25;

    private static readonly string[] _keys = ["acme-alice", "acme-alice", "acme-bob", "globex-alice"];

    private static readonly string[][] _cities = [["Pune", "Tokyo"], ["Cairo", "Lagos"], ["Seoul", "Sydney"], ["Boston", "Seattle"]];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Answers_to_equal_request_ids_do_not_cross_in_the_handshake_era()
    {
        var clients = new RawClient[_keys.Length];
        for (var i = 0; i < clients.Length; i++)
        {
            clients[i] = await Client(i).OpenAsync();
            await clients[i].SaveAsync($"marker-{i}-");
        }

        for (var round = 0; round < Rounds; round++)
        {
            var answers = await Task.WhenAll(clients.Select(client => client.CallTextAsync("list_places")));
            AssertOwn(answers);
        }
    }

    [Fact]
    public async Task Answers_to_equal_request_ids_do_not_cross_in_the_stateless_era()
    {
        var clients = _keys.Select((_, i) => Client(i)).ToArray();
        var handles = new string[clients.Length];
        for (var i = 0; i < clients.Length; i++)
        {
            handles[i] = await clients[i].OpenRoomAsync($"marker-{i}-");
        }

        for (var round = 0; round < Rounds; round++)
        {
            var answers = await Task.WhenAll(clients.Select((client, i) => client.InRoomAsync("list_places", handles[i])));
            AssertOwn(answers);
        }
    }

    [Fact]
    public async Task Progress_of_equal_tokens_does_not_cross()
    {
        var clients = new RawClient[_keys.Length];
        for (var i = 0; i < clients.Length; i++)
        {
            clients[i] = await Client(i).OpenAsync();
        }

        for (var round = 0; round < 5; round++)
        {
            await Task.WhenAll(clients.Select(async (client, i) =>
            {
                var arguments = new JsonObject { ["cities"] = new JsonArray([.. _cities[i].Select(city => (JsonNode)city)]) };
                using var response = await client.SendAsync(
                    HttpMethod.Post, RawClient.Call("compare_cities", arguments.ToJsonString(), meta: """{"progressToken":"same"}"""), configure: request =>
                    {
                        request.Headers.Accept.Clear();
                        request.Headers.Accept.ParseAdd("text/event-stream");
                    });
                AssertOwnCities(await response.Content.ReadAsStringAsync(Token), i);
            }));
            var modern = _keys.Select((_, i) => Client(i)).ToArray();
            await Task.WhenAll(modern.Select(async (client, i) =>
            {
                var parameters = new JsonObject
                {
                    ["name"] = "compare_cities",
                    ["arguments"] = new JsonObject { ["cities"] = new JsonArray([.. _cities[i].Select(city => (JsonNode)city)]) },
                    ["_meta"] = new JsonObject { ["progressToken"] = "same" },
                };
                AssertOwnCities((await Answer.OfAsync(client.SendStatelessAsync("tools/call", parameters))).Body, i);
            }));
        }
    }

    [Fact]
    public async Task Questions_have_ids_of_their_own_and_each_answer_goes_to_its_own_call()
    {
        using var alice = await servers.Here().OpenAsync();
        using var carol = await servers.Here("globex-alice").OpenAsync();
        using var hers = await HeldCall.StartAsync(alice, "get_current_weather", Rooms.AmbiguousCity);
        using var others = await HeldCall.StartAsync(carol, "get_current_weather", Rooms.AmbiguousCity);
        Assert.NotEqual(hers.Question.Json["id"]!.ToJsonString(), others.Question.Json["id"]!.ToJsonString());
        using var aliceThere = servers.There(session: alice.SessionId);
        using var carolThere = servers.There("globex-alice", carol.SessionId);

        await Task.WhenAll(hers.AnswerAsync(aliceThere, hers.Choice(0), "city"), others.AnswerAsync(carolThere, others.Choice(1), "city"));

        Assert.NotEqual(hers.Choice(0), hers.Choice(1));
        Assert.Contains(Region(hers.Choice(0)), await hers.ReadTextAsync(), StringComparison.Ordinal);
        Assert.Contains(Region(others.Choice(1)), await others.ReadTextAsync(), StringComparison.Ordinal);
    }

    private static string Region(string label) => label.Split(", ")[1];

    private RawClient Client(int i) => i % 2 == 0 ? servers.Here(_keys[i]) : servers.There(_keys[i]);

    private static void AssertOwn(string[] answers)
    {
        for (var i = 0; i < answers.Length; i++)
        {
            Assert.Equal([i], Enumerable.Range(0, answers.Length).Where(j => answers[i].Contains($"marker-{j}-", StringComparison.Ordinal)));
        }
    }

    private static void AssertOwnCities(string stream, int own)
    {
        Assert.Contains("notifications/progress", stream, StringComparison.Ordinal);
        Assert.All(_cities[own], city => Assert.Contains(city, stream, StringComparison.Ordinal));
        Assert.All(_cities.Where((_, i) => i != own).SelectMany(cities => cities), city => Assert.DoesNotContain(city, stream, StringComparison.Ordinal));
    }
}

[Collection(nameof(InProcess))]
public sealed class Item05_InProcess(InProcess servers) : Item05_EqualIdTests(servers);

[Collection(nameof(OnRedis))]
public sealed class Item05_OnRedis(OnRedis servers) : Item05_EqualIdTests(servers);
