using System.Collections.ObjectModel;
using System.Net;
using Stateroom.ScaleOut.Tests.Support;

namespace Stateroom.ScaleOut.Tests;

/// <summary>One instance whose clock is right, one whose is an hour ahead and one whose is an hour behind: nobody can tell the difference.</summary>
public sealed class ClockTests
{
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_clock_that_is_wrong_changes_nothing()
    {
        await using var cluster = await StartAsync(TimeSpan.FromMinutes(1));
        Assert.InRange(await ClockOfAsync(cluster.B) - await ClockOfAsync(cluster.A), TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(61));
        Assert.InRange(await ClockOfAsync(cluster.C) - await ClockOfAsync(cluster.A), TimeSpan.FromMinutes(-61), TimeSpan.FromMinutes(-59));

        // A room of any instance is alive at every other, and what is written there stands.
        foreach (var home in cluster.Instances)
        {
            using var client = await Cluster.Client(home).OpenAsync();
            var count = 0;
            foreach (var instance in cluster.Instances)
            {
                using var other = Cluster.Client(instance, client);
                Assert.Equal($"{++count}", await other.CallTextAsync("add"));
            }
        }

        // What one instance has sealed another opens: neither late nor from the future.
        await SealedQuestions.TravelAsync(cluster, Token);
    }

    /// <summary>Looked up at all instances at once, around the deadline and beyond it: whichever is first decides for all of them.</summary>
    [Fact]
    public async Task All_instances_give_one_verdict_at_the_deadline()
    {
        const int Sessions = 24;
        await using var cluster = await StartAsync(Idle);
        var verdicts = await Task.WhenAll(Enumerable.Range(0, Sessions).Select(async i =>
        {
            using var session = await Cluster.Client(cluster.Instances[i % cluster.Instances.Count]).OpenAsync();
            var clients = cluster.Instances.Select(instance => Cluster.Client(instance, session)).ToList();

            // The time that is tested: from at once to half as long again as a session lives.
            await Task.Delay(Idle * 1.5 * i / (Sessions - 1), Token);
            var statuses = await Task.WhenAll(clients.Select(async client =>
            {
                using var response = await client.SendAsync(HttpMethod.Post, RawClient.Call("get"));
                return response.StatusCode;
            }));
            clients.ForEach(client => client.Dispose());
            return statuses.Distinct().ToList();
        }));

        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(' ', verdicts.Select(v => string.Join('/', v.Select(s => (int)s)))));
        Assert.All(verdicts, verdict => Assert.Single(verdict));
        Assert.Contains(verdicts, verdict => verdict[0] == HttpStatusCode.OK);
        Assert.Contains(verdicts, verdict => verdict[0] == HttpStatusCode.NotFound);
    }

    private static Task<Cluster> StartAsync(TimeSpan idle) => Cluster.StartAsync(
        Cluster.Probe,
        arguments: ["--Redis:CallTimeout=00:00:05", $"--Stateroom:IdleTimeout={idle}", "--Stateroom:MaxSessionsPerOwner=100"],
        environments: [ReadOnlyDictionary<string, string>.Empty, WrongClock.By("+1h"), WrongClock.By("-1h")]);

    private static async Task<DateTimeOffset> ClockOfAsync(Instance instance)
    {
        using var client = Cluster.Client(instance);
        using var response = await client.SendAsync(HttpMethod.Post, RawClient.Initialize());
        return response.Headers.Date!.Value;
    }
}
