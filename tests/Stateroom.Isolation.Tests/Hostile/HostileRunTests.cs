using System.Globalization;
using Stateroom.Isolation.Tests.Support;

namespace Stateroom.Isolation.Tests.Hostile;

/// <summary>
/// Random callers do random things with random rooms at random instances, against a model of who owns what. No answer, log line or metric ever holds a byte
/// of somebody else, whatever is not one's own is answered as what never was, and what is one's own is as the model says.
/// </summary>
public abstract class HostileRunTests(Servers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nobody_ever_sees_or_touches_what_is_somebody_else_s()
    {
        var steps = int.Parse(Environment.GetEnvironmentVariable("STATEROOM_HOSTILE_STEPS") ?? "2000", CultureInfo.InvariantCulture);
        var seed = int.Parse(Environment.GetEnvironmentVariable("STATEROOM_SEED") ?? "1", CultureInfo.InvariantCulture);
        await using var cluster = await servers.StartAsync(Cluster.Weather, World.Settings);
        using var world = new World(cluster, seed);
        try
        {
            await RunAsync(world, steps);
            await HoldsNoSecretAsync(world, cluster);
        }
        catch (Exception failure)
        {
            Assert.Fail(world.Journal.Report(failure));
        }
    }

    private static async Task RunAsync(World world, int steps)
    {
        var (own, foreign, retries) = (new OwnSteps(world), new ForeignSteps(world), new RetrySteps(world));
        using var questions = new QuestionSteps(world);
        (int Weight, Func<Task> Step)[] table =
        [
            (4, own.OpenSessionAsync), (4, own.OpenHandleAsync), (30, own.UseAsync), (2, own.EndAsync), (3, own.ListAsync),
            (25, foreign.TrespassAsync), (4, foreign.CrossErasAsync), (6, foreign.WithoutTokenAsync), (4, foreign.HeaderInOtherEraAsync), (4, foreign.GarbageAsync),
            (5, questions.AskAsync), (5, questions.AnswerAsync), (4, questions.CancelAsync), (4, questions.ResumeAsync),
            (3, retries.AskAsync), (5, retries.RetryAsync),
        ];
        var all = table.SelectMany(entry => Enumerable.Repeat(entry.Step, entry.Weight)).ToArray();
        while (world.Journal.Count < steps)
        {
            Token.ThrowIfCancellationRequested();
            await world.Any(all)();
            await questions.AfterEndAsync();
        }

        foreach (var room in world.Rooms.Where(room => room.Alive))
        {
            await own.CheckAsync(room);
        }
    }

    private static async Task HoldsNoSecretAsync(World world, Cluster cluster)
    {
        string[] secrets =
        [
            .. world.Known.Concat(world.Unknown).Select(actor => actor.Marker),
            .. world.Known.Concat(world.Unknown).Select(actor => actor.Key).Where(key => key.Length > 0),
            .. world.Rooms.Select(room => room.Id),
        ];
        foreach (var instance in cluster.Instances)
        {
            var metrics = await Metrics.ReadAsync(instance, Token);
            await instance.TerminateAsync(Token);
            Assert.Contains("Now listening", instance.Output, StringComparison.Ordinal);
            foreach (var secret in secrets)
            {
                Assert.DoesNotContain(secret, instance.Output, StringComparison.Ordinal);
                Assert.DoesNotContain(secret, metrics, StringComparison.Ordinal);
            }
        }
    }
}

[Collection(nameof(InProcess))]
public sealed class HostileRun_InProcess(InProcess servers) : HostileRunTests(servers);

[Collection(nameof(OnRedis))]
public sealed class HostileRun_OnRedis(OnRedis servers) : HostileRunTests(servers);
