using System.Net;
using System.Text.Json.Nodes;
using Stateroom.Isolation.Tests.Support;

namespace Stateroom.Isolation.Tests.Items;

/// <summary>Item 2 with tokens: the same subject from another issuer, and the same owner's name in another tenant, are somebody else.</summary>
public abstract class Item02_ForeignTokenTests(Servers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_subject_of_another_issuer_is_somebody_else()
    {
        await using var tokens = await TokenCluster.StartAsync(servers);
        await HoldsAsync(tokens.Weather, TokenCluster.Token(tokens.Acme),
        [
            TokenCluster.Token(tokens.Another),
            TokenCluster.Token(tokens.Shared, new JsonObject { ["org"] = "acme" }),
            "acme-alice",
        ]);
    }

    [Fact]
    public async Task The_same_owner_in_another_tenant_is_somebody_else()
    {
        await using var tokens = await TokenCluster.StartAsync(servers);
        var acme = TokenCluster.Token(tokens.Shared, new JsonObject { ["org"] = "acme" });
        var globex = TokenCluster.Token(tokens.Shared, new JsonObject { ["org"] = "globex" });
        Assert.Equal(await OwnerAsync(tokens.Weather, acme), await OwnerAsync(tokens.Weather, globex));

        await HoldsAsync(tokens.Weather, acme, [globex]);
    }

    private static async Task HoldsAsync(Cluster cluster, string owner, string[] strangers)
    {
        using var alice = await Servers.Here(cluster, owner).OpenAsync();
        await alice.SaveAsync("Secretville");
        using var modern = Servers.Here(cluster, owner);
        var handle = await modern.OpenRoomAsync("Secretville");
        using (var call = await HeldCall.StartAsync(alice, "get_current_weather", Rooms.AmbiguousCity, id: "7"))
        {
            await RefusedAsync(cluster, strangers, alice.SessionId!, handle, call);
            using var elsewhere = Servers.There(cluster, owner, alice.SessionId);
            await call.AnswerAsync(elsewhere, call.Choice(), "city");
            Assert.Contains("Springfield", await call.ReadTextAsync(), StringComparison.Ordinal);

            await cluster.A.KillAsync();
            await cluster.A.StartReadyAsync(Cancellation);
            await RefusedAsync(cluster, strangers, alice.SessionId!, handle, call);
        }

        if (cluster.HasRedis)
        {
            Assert.Contains("Secretville", await alice.CallTextAsync("list_places"), StringComparison.Ordinal);
            Assert.Contains("Secretville", await modern.InRoomAsync("list_places", handle), StringComparison.Ordinal);
        }
    }

    private static async Task RefusedAsync(Cluster cluster, string[] strangers, string id, string handle, HeldCall call)
    {
        foreach (var instance in cluster.Instances)
        {
            foreach (var stranger in strangers)
            {
                using var mallory = new RawClient(instance.Endpoint, stranger);
                foreach (var attempt in Attempts.OnHeaderSession(call))
                {
                    mallory.SessionId = Servers.Never;
                    var never = await Answer.OfAsync(attempt(mallory));
                    mallory.SessionId = id;
                    Assert.Equal(never, await Answer.OfAsync(attempt(mallory)));
                    Assert.Equal(HttpStatusCode.NotFound, never.Status);
                }

                mallory.SessionId = null;
                foreach (var (tool, arguments) in Attempts.Tools)
                {
                    var never = await Answer.OfToolAsync(mallory, tool, Attempts.With(arguments, Servers.Never));
                    Assert.Equal(never, await Answer.OfToolAsync(mallory, tool, Attempts.With(arguments, handle)));
                    Assert.True((bool?)never.Json["result"]!["isError"], never.Body);
                }

                Assert.DoesNotContain(handle, await mallory.HandlesAsync());
            }
        }
    }

    private static async Task<string> OwnerAsync(Cluster cluster, string token)
    {
        using var client = await Servers.Here(cluster, token).OpenAsync();
        return (string)JsonNode.Parse(await client.CallTextAsync("get_session_info"))!["owner"]!;
    }
}

[Collection(nameof(InProcess))]
public sealed class Item02_TokensInProcess(InProcess servers) : Item02_ForeignTokenTests(servers);

[Collection(nameof(OnRedis))]
public sealed class Item02_TokensOnRedis(OnRedis servers) : Item02_ForeignTokenTests(servers);
