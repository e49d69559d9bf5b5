using StackExchange.Redis;
using Stateroom.Isolation.Tests.Support;

namespace Stateroom.Isolation.Tests.Items;

/// <summary>Item 4: names of tenants and owners that hold separators, braces, wildcards, line breaks or a lot of text meet in no key and inject nothing.</summary>
public abstract class Item04_NameTests(Servers servers)
{
    private const string Forged = "forged-line";

    // Pairs that would meet if names were joined, escaped in one direction, cut, folded or normalised.
    private static readonly (string Tenant, string Owner)[] _callers =
    [
        ("a", "b:c"), ("a:b", "c"), ("a:", "b:c"), ("a:b:c", ":"),
        ("a}", "{b"), ("a}{", "b"), ("{a}", "b"), ("*", "*"), ("a*", "b"), ("?", "[a-z]"),
        ("a\r\nInjected: 1", "b"), ("a\n      " + Forged, "b\r\n" + Forged), ("a\t", "b"), ("a", "\tb"),
        ("A", "b:c"), ("a ", "b:c"), (" a", "b:c"), ("\u00e9", "b"), ("e\u0301", "b"), ("\u202ea", "b"),
        (new string('t', 256), "b"), (new string('t', 255), "b"), ("a", new string('o', 1024)), ("a", new string('o', 1023)),
        ("../a", "b"), ("a/b", "c"), ("a", "b/c"), ("a\\b", "c"), ("anonymous", "anonymous"), ("$(id)", "'; DROP"), ("a%3Ab", "c"),
    ];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Whatever_their_names_each_caller_has_rooms_of_its_own()
    {
        await using var cluster = await servers.StartAsync(Cluster.Weather, Keys());
        var sessions = new string[_callers.Length];
        var handles = new string[_callers.Length];
        for (var i = 0; i < _callers.Length; i++)
        {
            using var caller = await Servers.Here(cluster, Key(i)).OpenAsync();
            await caller.SaveAsync($"marker-{i}-");
            sessions[i] = caller.SessionId!;
            using var modern = Servers.Here(cluster, Key(i));
            handles[i] = await modern.OpenRoomAsync($"marker-{i}-");
        }

        for (var i = 0; i < _callers.Length; i++)
        {
            using var modern = Servers.There(cluster, Key(i));
            Assert.Equal([handles[i]], await modern.HandlesAsync());
            Assert.Equal(_callers[i].Tenant, await WhoAsync(modern, handles[i], "tenant"));
            Assert.Equal(_callers[i].Owner, await WhoAsync(modern, handles[i], "owner"));
            for (var j = 0; j < _callers.Length; j++)
            {
                using var caller = Servers.There(cluster, Key(i), sessions[j]);
                var places = await Answer.OfAsync(caller.SendAsync(HttpMethod.Post, RawClient.Call("list_places")));
                var room = await modern.InRoomAsync("list_places", handles[j]);
                Assert.Equal(i == j, (int)places.Status == 200);
                Assert.Equal(i == j, places.Body.Contains($"marker-{j}-", StringComparison.Ordinal));
                Assert.Equal(i == j, room.Contains($"marker-{j}-", StringComparison.Ordinal));
                Assert.DoesNotContain("Injected", places.Headers, StringComparison.OrdinalIgnoreCase);
            }
        }

        if (cluster.HasRedis)
        {
            await HoldsNoNameInKeysAsync(cluster);
        }

        foreach (var instance in cluster.Instances)
        {
            await instance.TerminateAsync(Token);
            Assert.DoesNotContain(instance.Output.Split('\n'), line => line.TrimStart().StartsWith(Forged, StringComparison.Ordinal) || line.StartsWith("Injected", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_name_of_ten_kilobytes_is_refused_at_the_start()
    {
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => servers.StartAsync(
            Cluster.Weather, "--Stateroom:ApiKeys:4:Key=long", $"--Stateroom:ApiKeys:4:Tenant={new string('t', 10_240)}", $"--Stateroom:ApiKeys:4:Owner={new string('o', 10_240)}"));

        Assert.Contains("Stateroom:ApiKeys:4:Tenant has 10240 characters", error.Message, StringComparison.Ordinal);
        Assert.Contains("Stateroom:ApiKeys:4:Owner has 10240 characters", error.Message, StringComparison.Ordinal);
    }

    private static async Task HoldsNoNameInKeysAsync(Cluster cluster)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{cluster.Redis.Port}");
        var keys = 0;
        await foreach (var key in redis.GetServers()[0].KeysAsync().WithCancellation(Token))
        {
            keys++;
            Assert.Matches(@"^stateroom:\d+:[a-z]+(:\{[A-Za-z0-9_-]+\}(:[A-Za-z0-9_.-]+)?)?$", (string)key!);
        }

        Assert.InRange(keys, _callers.Length, int.MaxValue);
    }

    private static async Task<string?> WhoAsync(RawClient client, string handle, string part)
    {
        var info = await client.CallToolAsync("get_session_info", new() { ["session"] = handle });
        return (string?)info["structuredContent"]![part];
    }

    private static string Key(int caller) => $"name-key-{caller}";

    private static string[] Keys() =>
    [
        .. _callers.SelectMany((caller, i) => (string[])
        [
            $"--Stateroom:ApiKeys:{i + 4}:Key={Key(i)}",
            $"--Stateroom:ApiKeys:{i + 4}:Tenant={caller.Tenant}",
            $"--Stateroom:ApiKeys:{i + 4}:Owner={caller.Owner}",
        ]),
    ];
}

[Collection(nameof(InProcess))]
public sealed class Item04_InProcess(InProcess servers) : Item04_NameTests(servers);

[Collection(nameof(OnRedis))]
public sealed class Item04_OnRedis(OnRedis servers) : Item04_NameTests(servers);
