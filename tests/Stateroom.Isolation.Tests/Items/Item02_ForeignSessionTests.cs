using System.Net;
using Stateroom.Isolation.Tests.Support;

namespace Stateroom.Isolation.Tests.Items;

/// <summary>Item 2: a session id or a handle used by somebody else, in any way and at any instance, is answered as one that never was, and its owner is unaffected.</summary>
public abstract class Item02_ForeignSessionTests(Servers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Another owner of the same tenant, the same owner's name in another tenant, and somebody else altogether.</summary>
    public static TheoryData<string> Strangers => ["acme-bob", "globex-alice", "dev-token"];

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task A_header_session_of_somebody_else_is_one_that_never_was(string stranger)
    {
        using var alice = await servers.Here().OpenAsync();
        await alice.SaveAsync("Secretville");
        using var call = await HeldCall.StartAsync(alice, "get_current_weather", Rooms.AmbiguousCity, id: "7");
        foreach (var instance in servers.Weather.Instances)
        {
            foreach (var attempt in Attempts.OnHeaderSession(call))
            {
                using var mallory = new RawClient(instance.Endpoint, stranger);
                mallory.SessionId = Servers.Never;
                var never = await Answer.OfAsync(attempt(mallory));
                mallory.SessionId = alice.SessionId;
                Assert.Equal(never, await Answer.OfAsync(attempt(mallory)));
                Assert.Equal(HttpStatusCode.NotFound, never.Status);
            }
        }

        using var elsewhere = servers.There(session: alice.SessionId);
        await call.AnswerAsync(elsewhere, call.Choice(), "city");
        Assert.Contains("Springfield", await call.ReadTextAsync(), StringComparison.Ordinal);
        Assert.Contains("Secretville", await elsewhere.CallTextAsync("list_places"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task A_handle_of_somebody_else_is_one_that_never_was(string stranger)
    {
        using var alice = servers.Here();
        var handle = await alice.OpenRoomAsync("Secretville");
        foreach (var instance in servers.Weather.Instances)
        {
            using var mallory = new RawClient(instance.Endpoint, stranger);
            foreach (var (tool, arguments) in Attempts.Tools)
            {
                var never = await Answer.OfToolAsync(mallory, tool, Attempts.With(arguments, Servers.Never));
                Assert.Equal(never, await Answer.OfToolAsync(mallory, tool, Attempts.With(arguments, handle)));
                Assert.True((bool?)never.Json["result"]!["isError"], never.Body);
            }

            Assert.DoesNotContain(handle, await mallory.HandlesAsync());
        }

        using var elsewhere = servers.There();
        Assert.Contains("Secretville", await elsewhere.InRoomAsync("list_places", handle), StringComparison.Ordinal);
        var info = await elsewhere.InRoomAsync("get_session_info", handle);
        Assert.Contains("\"toolCallCount\":0", info, StringComparison.Ordinal);
        Assert.Contains("metric", info, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_of_one_era_is_none_of_the_other_not_even_for_its_owner()
    {
        using var alice = await servers.Here().OpenAsync();
        using var modern = servers.There();
        var handle = await modern.OpenRoomAsync("Secretville");

        Assert.Equal(
            await Answer.OfToolAsync(modern, "list_places", Attempts.With("{}", Servers.Never)),
            await Answer.OfToolAsync(modern, "list_places", Attempts.With("{}", alice.SessionId!)));
        using var never = servers.There(session: Servers.Never);
        using var crossing = servers.There(session: handle);
        Assert.Equal(
            await Answer.OfAsync(never.SendAsync(HttpMethod.Post, RawClient.Call("list_places"))),
            await Answer.OfAsync(crossing.SendAsync(HttpMethod.Post, RawClient.Call("list_places"))));
        Assert.Equal(HttpStatusCode.NotFound, (await Answer.OfAsync(crossing.SendAsync(HttpMethod.Delete))).Status);
        Assert.Contains("Secretville", await modern.InRoomAsync("list_places", handle), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restart_gives_nobody_a_session_of_somebody_else()
    {
        using var alice = await servers.There().OpenAsync();
        await alice.SaveAsync("Secretville");
        using var modern = servers.There();
        var handle = await modern.OpenRoomAsync("Secretville");
        var instance = servers.Weather.Instances[^1];
        await instance.KillAsync();
        await instance.StartReadyAsync(Token);

        foreach (var stranger in Strangers)
        {
            using var never = servers.There(stranger, Servers.Never);
            using var mallory = servers.There(stranger, alice.SessionId);
            foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Delete])
            {
                Assert.Equal(await Answer.OfAsync(never.SendAsync(method)), await Answer.OfAsync(mallory.SendAsync(method)));
            }

            var refused = await Answer.OfAsync(never.SendAsync(HttpMethod.Post, RawClient.Call("list_places")));
            Assert.Equal(HttpStatusCode.NotFound, refused.Status);
            Assert.Equal(refused, await Answer.OfAsync(mallory.SendAsync(HttpMethod.Post, RawClient.Call("list_places"))));
            mallory.SessionId = null;
            Assert.Equal(
                await Answer.OfToolAsync(mallory, "list_places", Attempts.With("{}", Servers.Never)),
                await Answer.OfToolAsync(mallory, "list_places", Attempts.With("{}", handle)));
        }

        using var back = servers.There(session: alice.SessionId);
        if (servers.Weather.HasRedis)
        {
            Assert.Contains("Secretville", await back.CallTextAsync("list_places"), StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(HttpStatusCode.NotFound, (await Answer.OfAsync(back.SendAsync(HttpMethod.Post, RawClient.Call("list_places")))).Status);
        }
    }
}

[Collection(nameof(InProcess))]
public sealed class Item02_InProcess(InProcess servers) : Item02_ForeignSessionTests(servers);

[Collection(nameof(OnRedis))]
public sealed class Item02_OnRedis(OnRedis servers) : Item02_ForeignSessionTests(servers);
