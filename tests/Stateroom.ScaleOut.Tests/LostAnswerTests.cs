using System.Net;

namespace Stateroom.ScaleOut.Tests;

/// <summary>A call took effect and its answer was lost, so its client calls again: a tool that remembers the key of the call, with what it writes, counts it once.</summary>
public sealed class LostAnswerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_lost_between_instance_and_client_is_asked_for_again_elsewhere_and_counts_once()
    {
        await using var cluster = await Cluster.StartAsync(Cluster.Probe, instances: 2, arguments: ["--Redis:CallTimeout=00:00:05"]);
        await using var proxy = new TcpProxy(cluster.A.Endpoint);
        using var session = await Cluster.Client(cluster.A).OpenAsync();
        using var b = Cluster.Client(cluster.B, session);

        foreach (var (tool, count) in (IEnumerable<(string, int)>)[("add_once", 1), ("add", 2)])
        {
            var arguments = tool == "add_once" ? """{"key":"call-1"}""" : "{}";
            using var a = new RawClient(proxy.Endpoint, "acme/alice") { SessionId = session.SessionId };
            var lost = proxy.LoseAnswerTo($"\"{tool}\"");
            var call = a.SendAsync(HttpMethod.Post, RawClient.Call(tool, arguments));
            await lost.WaitAsync(Patience, Token);
            proxy.Cut();
            await Assert.ThrowsAsync<HttpRequestException>(() => call);

            // Without a key it counts twice, which shows that the lost call took effect.
            Assert.Equal($"{count}", await b.CallTextAsync(tool, arguments));
            Assert.Equal($"{count + (tool == "add" ? 1 : 0)}", await session.CallTextAsync(tool, arguments));
        }
    }

    [Fact]
    public async Task An_answer_lost_between_redis_and_instance_is_a_failure_that_can_be_repeated_and_counts_once()
    {
        await using var cluster = await Cluster.StartAsync(Cluster.Probe, instances: 2, proxied: true);
        using var a = await Cluster.Client(cluster.A).OpenAsync();
        using var b = Cluster.Client(cluster.B, a);
        Assert.Equal("1", await a.CallTextAsync("add_once", """{"key":"call-1"}"""));

        // The key is part of what is written, and of nothing else that goes to Redis.
        var lost = cluster.Proxies[0].LoseAnswerTo("call-2");
        using (var failed = await a.SendAsync(HttpMethod.Post, RawClient.Call("add_once", """{"key":"call-2"}""")))
        {
            var answer = await RawClient.ReadResponseAsync(failed);
            Assert.True(failed.StatusCode == HttpStatusCode.ServiceUnavailable || answer["error"] is not null || (bool?)answer["result"]?["isError"] is true, answer.ToJsonString());
        }

        await lost.WaitAsync(Patience, Token);
        cluster.Proxies[0].Cut();
        Assert.Equal("2", await b.CallTextAsync("add_once", """{"key":"call-2"}"""));
        await Eventually.HoldsAsync(() => cluster.A.IsReadyAsync(Token), "The instance did not recover.", Token);
        Assert.Equal("2", await a.CallTextAsync("add_once", """{"key":"call-2"}"""));
        Assert.Equal("3", await a.CallTextAsync("add_once", """{"key":"call-3"}"""));
    }
}
