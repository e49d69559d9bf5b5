using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Stateroom.Isolation.Tests.Support;

namespace Stateroom.Isolation.Tests.Malformed;

/// <summary>
/// Requests that are wrong in every way that a seeded generator knows, made from valid ones of both eras. None is the server's fault, none is logged as one,
/// none costs memory, and nobody else notices.
/// </summary>
public abstract class MalformedInputTests(Servers servers, int cases)
{
    private const int Batch = 500;
    private const int Parallel = 32;

    // Beyond what the server has when it is warm; the bodies of all cases together are several times that.
    private const long MaxGrowth = 128L << 20;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Malformed_requests_are_refused_and_harm_nobody()
    {
        var count = int.Parse(Environment.GetEnvironmentVariable("STATEROOM_MALFORMED_CASES") ?? $"{cases}", CultureInfo.InvariantCulture);
        var seed = int.Parse(Environment.GetEnvironmentVariable("STATEROOM_SEED") ?? "1", CultureInfo.InvariantCulture);
        await using var cluster = await servers.StartAsync(Cluster.Weather, "--Stateroom:MaxSessionsPerOwner=1000000", "--Stateroom:MaxSessionsPerTenant=1000000");
        using var alice = await Servers.Here(cluster).OpenAsync();
        await alice.SaveAsync("Secretville");
        using var modern = Servers.There(cluster);
        var handle = await modern.OpenRoomAsync("Hideaway");
        using var general = await alice.StreamAsync(HttpMethod.Get);

        var statuses = new ConcurrentDictionary<int, int>();
        var warm = new Dictionary<Instance, long>();
        for (var done = 0; done < count; done += Batch)
        {
            await BatchAsync(cluster, seed + done, statuses);
            if (warm.Count == 0 && done >= count / 5)
            {
                warm = cluster.Instances.ToDictionary(instance => instance, instance => instance.Server.Process.WorkingSet);
            }
        }

        // What came in was looked at, not turned away at the door: many were fine all the same, and many were not.
        Assert.InRange(statuses.GetValueOrDefault(200), count / 20, count);
        Assert.InRange(statuses.GetValueOrDefault(400), count / 5, count);

        Assert.Contains("Secretville", await alice.CallTextAsync("list_places"), StringComparison.Ordinal);
        Assert.Contains("Hideaway", await modern.InRoomAsync("list_places", handle), StringComparison.Ordinal);
        using var newcomer = await Servers.There(cluster, "globex-alice").OpenAsync();
        Assert.Contains("Pune", await newcomer.CallTextAsync("get_current_weather", """{"city":"Pune"}"""), StringComparison.Ordinal);
        foreach (var instance in cluster.Instances)
        {
            Assert.InRange(instance.Server.Process.WorkingSet - warm[instance], long.MinValue, MaxGrowth);
            Assert.True(await instance.IsReadyAsync(Token));
            await instance.TerminateAsync(Token);
            Assert.True(Fault(instance.Output) is null, $"STATEROOM_SEED={seed}:\n{Fault(instance.Output)}");
        }
    }

    private static async Task BatchAsync(Cluster cluster, int seed, ConcurrentDictionary<int, int> statuses)
    {
        var random = new Random(seed);
        using var attacker = await Servers.Here(cluster, "dev-token").OpenAsync();
        using var modern = Servers.There(cluster, "dev-token");
        var handle = await modern.OpenRoomAsync("Nowhere");
        var requests = Enumerable.Range(0, Batch).Select(i =>
        {
            var instance = cluster.Instances[i % cluster.Instances.Count];
            return (instance.Port, Bytes: Malformed(new Templates("dev-token", instance.Port, attacker.SessionId!, handle), random));
        }).ToArray();
        await System.Threading.Tasks.Parallel.ForEachAsync(requests, new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = Token }, async (request, _) =>
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
            patience.CancelAfter(_patience);
            try
            {
                var (answers, text) = await RawExchange.SendAsync(request.Port, request.Bytes, patience.Token);
                foreach (var status in answers)
                {
                    statuses.AddOrUpdate(status, 1, (_, n) => n + 1);

                    // 505 is the web server's own word for a version of HTTP that does not exist.
                    Assert.True(status is < 500 or 505, $"STATEROOM_SEED={seed}, {status} for\n{Show(request.Bytes)}\n\n{Tail(text)}");
                }

                Assert.False(text.Contains("\nInjected:", StringComparison.OrdinalIgnoreCase), $"A header was injected by\n{Show(request.Bytes)}\n\n{Tail(text)}");
            }
            catch (OperationCanceledException) when (!Token.IsCancellationRequested)
            {
                Assert.Fail($"STATEROOM_SEED={seed}: no answer to\n{Show(request.Bytes)}");
            }
        });
    }

    private static byte[] Malformed(Templates templates, Random random)
    {
        var request = templates.Any(random);
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            Action<RawRequest, Random> mutation = random.Next(10) switch
            {
                < 6 when request.Body.Length > 0 => BodyMutations.Apply,
                < 9 => HeaderMutations.Apply,
                _ => FramingMutations.Apply,
            };
            mutation(request, random);
        }

        return request.ToBytes();
    }

    /// <summary>The first fault that a log tells of; null if it tells of none.</summary>
    private static string? Fault(string log)
    {
        var lines = log.Split('\n');
        var first = Array.FindIndex(lines, line =>
            line.StartsWith("fail:", StringComparison.Ordinal) || line.StartsWith("crit:", StringComparison.Ordinal) || line.Contains("Unhandled", StringComparison.Ordinal));
        return first < 0 ? null : string.Join('\n', lines.Skip(first).Take(30));
    }

    private static string Show(byte[] bytes) => Tail(Encoding.Latin1.GetString(bytes));

    private static string Tail(string text) => text.Length > 3000 ? text[..1500] + " ... " + text[^1500..] : text;
}

[Collection(nameof(InProcess))]
public sealed class MalformedInput_InProcess(InProcess servers) : MalformedInputTests(servers, cases: 10_000);

[Collection(nameof(OnRedis))]
public sealed class MalformedInput_OnRedis(OnRedis servers) : MalformedInputTests(servers, cases: 2_000);
