
namespace Stateroom.ScaleOut.Tests;

/// <summary>With affinity sessions stay at their instance as long as it lives, and lose nothing when it does not.</summary>
public sealed class AffinityTests
{
    // So many that chance alone stays far from a fifth.
    private const int FirstRequests = 900;
    private const int Sessions = 30;

    private static readonly string[] Keys = ["dev-token", "acme-alice", "acme-bob", "globex-alice"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task First_requests_spread_later_ones_stay_and_a_dead_instance_takes_no_session_along()
    {
        await using var cluster = await Cluster.StartAsync(
            Cluster.Weather, "nginx/affinity.conf", tellInstance: true, arguments: ["--Stateroom:MaxSessionsPerOwner=1000", "--Logging:LogLevel:Stateroom=Warning"]);

        var first = await SpreadAsync(cluster);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", first));
        Assert.Equal(cluster.Instances.Count, first.Count);
        var fair = FirstRequests / first.Count;
        Assert.All(first.Values, count => Assert.InRange(count, fair * 0.8, fair * 1.2));

        var sessions = new Dictionary<RawClient, string>();
        for (var i = 0; i < Sessions; i++)
        {
            var client = await new RawClient(cluster.Endpoint, Keys[i % Keys.Length]).OpenAsync();
            sessions[client] = await CallAsync(client);
            Assert.Equal(sessions[client], await CallAsync(client));
            Assert.Equal(sessions[client], await CallAsync(client));
        }

        var dead = $"127.0.0.1:{cluster.A.Port}";
        Assert.Contains(dead, sessions.Values);
        await cluster.A.KillAsync();
        foreach (var (client, instance) in sessions)
        {
            // A connection that nginx holds open may meet the death of the instance; after that no more do.
            var now = await CallAsync(client);
            Assert.Equal(instance != dead, now == instance);
            Assert.NotEqual(dead, now);
            Assert.Equal(4, await CountAsync(client));
            client.Dispose();
        }
    }

    private static async Task<Dictionary<string, int>> SpreadAsync(Cluster cluster)
    {
        var instances = new System.Collections.Concurrent.ConcurrentBag<string>();
        using var http = new HttpClient();
        await Parallel.ForAsync(0, FirstRequests, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Token }, async (i, cancellationToken) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, cluster.Endpoint) { Content = new StringContent(RawClient.Initialize()) };
            request.Content.Headers.ContentType = new("application/json");
            request.Headers.Authorization = new("Bearer", Keys[i % Keys.Length]);
            using var response = await http.SendAsync(request, cancellationToken);
            Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
            instances.Add(Upstream(response));
        });
        return instances.CountBy(i => i).ToDictionary();
    }

    /// <summary>Has the session count once more.</summary>
    /// <returns>Which instance it was.</returns>
    private static async Task<string> CallAsync(RawClient client)
    {
        using var response = await client.SendAsync(HttpMethod.Post, RawClient.Call("get_current_weather", """{"city":"Pune"}"""));
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}");
        Assert.NotNull((await RawClient.ReadResponseAsync(response))["result"]);
        return Upstream(response);
    }

    private static async Task<int> CountAsync(RawClient client)
    {
        using var response = await client.SendAsync(HttpMethod.Post, RawClient.Call("get_session_info"));
        return (int)(await RawClient.ReadResponseAsync(response))["result"]!["structuredContent"]!["toolCallCount"]!;
    }

    /// <summary>Who answered: the last of those that were tried.</summary>
    private static string Upstream(HttpResponseMessage response) => response.Headers.GetValues("X-Upstream").Single().Split(", ")[^1];
}
