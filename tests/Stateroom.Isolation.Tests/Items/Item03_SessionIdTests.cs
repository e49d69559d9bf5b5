using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Stateroom.Isolation.Tests.Support;

namespace Stateroom.Isolation.Tests.Items;

/// <summary>Item 3: ids cannot be guessed, and an id that a client makes up is never adopted. That they come from the system's secure generator, SessionIdTests shows.</summary>
public abstract class Item03_SessionIdTests(Servers servers)
{
    // Half of them header ids, half of them handles.
    private const int Ids = 10_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ten_thousand_ids_are_all_different_and_of_random_characters()
    {
        var ids = new ConcurrentBag<string>();
        using var opener = servers.Here("dev-token");
        using var other = servers.There("dev-token");
        await Parallel.ForAsync(0, Ids, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Token }, async (i, _) =>
        {
            var client = i % 4 < 2 ? opener : other;
            if (i % 2 == 0)
            {
                using var response = await client.SendAsync(HttpMethod.Post, RawClient.Initialize());
                ids.Add(response.Headers.GetValues("Mcp-Session-Id").Single());
            }
            else
            {
                ids.Add(await client.OpenRoomAsync("Pune"));
            }
        });

        Assert.Equal(Ids, ids.Distinct(StringComparer.Ordinal).Count());
        Assert.All(ids, id => Assert.All(id, c => Assert.InRange(c, '\x21', '\x7E')));

        // Each character is any of 64, so 22 of them hold 128 bits; a counter or a clock in an id would show as a place with few characters.
        Assert.All(ids, id => Assert.InRange(id.Length, 22, int.MaxValue));
        var length = ids.First().Length;
        for (var place = 0; place < length; place++)
        {
            Assert.Equal(64, ids.Select(id => id[place]).Distinct().Count());
        }
    }

    [Theory]
    [InlineData("my-own-session")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("../../etc/passwd")]
    [InlineData("*")]
    public async Task An_id_that_a_client_makes_up_is_not_adopted(string id)
    {
        foreach (var instance in servers.Weather.Instances)
        {
            using var alice = new RawClient(instance.Endpoint, "acme-alice") { SessionId = id };
            var opened = await Answer.OfAsync(alice.SendAsync(HttpMethod.Post, RawClient.Initialize()));
            Assert.Equal(HttpStatusCode.BadRequest, opened.Status);
            Assert.DoesNotContain("Mcp-Session-Id", opened.Headers, StringComparison.OrdinalIgnoreCase);
            var used = await Answer.OfAsync(alice.SendAsync(HttpMethod.Post, RawClient.Call("save_place", """{"label":"a","city":"b"}""")));
            Assert.Equal(HttpStatusCode.NotFound, used.Status);

            alice.SessionId = null;
            var before = await alice.HandlesAsync();
            var handled = await Answer.OfToolAsync(alice, "save_place", new() { ["label"] = "a", ["city"] = "b", ["session"] = id });
            Assert.True((bool?)handled.Json["result"]!["isError"], handled.Body);
            Assert.Equal(before, await alice.HandlesAsync());
        }
    }

    [Fact]
    public async Task An_id_in_another_place_than_its_own_is_not_adopted_either()
    {
        using var alice = servers.Here();
        var parameters = new JsonObject
        {
            ["name"] = "save_place",
            ["arguments"] = new JsonObject { ["label"] = "a", ["city"] = "b" },
            ["_meta"] = new JsonObject { ["stateroom/session"] = Servers.Never, ["session"] = Servers.Never },
        };

        var answer = await Answer.OfAsync(alice.SendStatelessAsync("tools/call", parameters, configure: r => r.Headers.Add("Mcp-Param-Session", Servers.Never)));

        Assert.NotEqual(Servers.Never, (string?)answer.Json["result"]!["_meta"]!["stateroom/session"]);
        Assert.DoesNotContain(Servers.Never, await alice.HandlesAsync());
    }
}

[Collection(nameof(InProcess))]
public sealed class Item03_InProcess(InProcess servers) : Item03_SessionIdTests(servers);

[Collection(nameof(OnRedis))]
public sealed class Item03_OnRedis(OnRedis servers) : Item03_SessionIdTests(servers);
