using System.Collections.Concurrent;
using System.Net;
using Stateroom.ScaleOut.Tests.Streams;

namespace Stateroom.ScaleOut.Tests;

/// <summary>An instance that is told to stop goes without anybody noticing but in streams that end and are opened again.</summary>
public sealed class StopTests
{
    private const int Instances = 3;
    private const int StreamsOfEachEra = 150;
    private const int Owners = 10;
    private const int Workers = 6;

    // The grace time of the host, after which it would end with an error.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private static readonly string[] Tell = ["probe://before", "probe://during", "probe://after"];

    // The machine may be busy. How soon a call fails is tested elsewhere.
    private static readonly string[] Patient = ["--Redis:CallTimeout=00:00:10"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_instance_with_a_hundred_open_streams_and_calls_under_way_stops_in_time_and_nothing_is_lost()
    {
        await using var cluster = await Cluster.StartAsync(Cluster.Probe, "nginx/round-robin.conf", Instances, arguments: Patient);
        GeneralStream[] general = [.. Enumerable.Range(0, StreamsOfEachEra).Select(i => new GeneralStream(cluster.Endpoint, Owner(i)))];
        ListenStream[] listening = [.. Enumerable.Range(0, StreamsOfEachEra).Select(i => new ListenStream(cluster.Endpoint, Owner(i)))];
        KeptStream[] streams = [.. general, .. listening];
        await Parallel.ForEachAsync(streams, new ParallelOptions { MaxDegreeOfParallelism = Workers, CancellationToken = Token }, async (stream, _) => await stream.StartAsync());
        await Parallel.ForEachAsync(general, new ParallelOptions { MaxDegreeOfParallelism = Workers, CancellationToken = Token }, async (stream, _) => await SubscribeAsync(stream.Session));
        using var tells = await new RawClient(cluster.B.Endpoint, Owner(0)).OpenAsync();
        await RaiseAsync(tells, Tell[0]);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var (acknowledged, failures) = (new int[general.Length], new ConcurrentQueue<string>());
        var load = Task.WhenAll(Enumerable.Range(0, Workers).Select(w => Task.Run(() => CallAsync(general, w, acknowledged, failures, stop.Token), Token)));
        await Eventually.HoldsAsync(() => Task.FromResult(acknowledged.Sum() > general.Length), "No calls come through.", Token);

        var opened = streams.Sum(s => s.Openings);
        using var grace = CancellationTokenSource.CreateLinkedTokenSource(Token);
        grace.CancelAfter(Grace);
        await cluster.A.SignalAsync("TERM", Token);
        await RaiseAsync(tells, Tell[1]);
        await cluster.A.Server.Process.WaitAsync(grace.Token);
        Assert.Equal(0, cluster.A.Server.Process.ExitCode);
        Assert.True(streams.Sum(s => s.Openings) - opened >= 100, $"{streams.Sum(s => s.Openings) - opened} streams were opened again.");
        await RaiseAsync(tells, Tell[2]);

        // Streams of this era replay nothing: whoever was just opening one again hears the next.
        var heard = Array.ConvertAll(listening, s => s.Heard.Count);
        await Eventually.HoldsAsync(
            async () =>
            {
                await tells.CallTextAsync("tools_changed");
                return Array.Exists(streams, s => s.Faults.Count > 0)
                    || (Array.TrueForAll(general, s => s.Heard.Count >= Tell.Length) && listening.Index().All(s => s.Item.Heard.Count > heard[s.Index]));
            },
            "Not everybody heard what came after.",
            Token);
        await stop.CancelAsync();
        await load;

        Assert.Empty(failures);
        Assert.Empty(streams.SelectMany(s => s.Faults));
        Assert.All(general, stream => Assert.Equal(Tell, stream.Heard));
        for (var i = 0; i < general.Length; i++)
        {
            Assert.Equal($"{acknowledged[i]}", await general[i].Session.CallTextAsync("get"));
        }

        await Task.WhenAll(streams.Select(s => s.StopAsync()));
        Array.ForEach(streams, stream => stream.Dispose());
    }

    [Fact]
    public async Task A_call_that_outlasts_its_stream_finishes_and_its_answer_is_fetched_at_another_instance()
    {
        await using var cluster = await Cluster.StartAsync(
            Cluster.Probe, instances: 2, arguments: [.. Patient, "--Stateroom:DrainTime=00:00:00", "--Stateroom:CallDrainTime=00:00:01"]);
        using var a = await Cluster.Client(cluster.A).OpenAsync();
        using var b = Cluster.Client(cluster.B, a);
        using var call = await a.StreamAsync(HttpMethod.Post, RawClient.Call("linger", """{"seconds":12}"""));
        var position = await call.ReadAsync(Token);

        // The stream is let go long before the handler is done, and with it the last connection of the instance.
        await cluster.A.SignalAsync("TERM", Token);
        Assert.Null(await call.ReadAsync(Token));
        using var resumed = await b.StreamAsync(HttpMethod.Get, lastEventId: position!.Id);

        Assert.Equal("1", RawClient.TextOf((await resumed.ReadMessageAsync(Token)).Json));
        await cluster.A.Server.Process.WaitAsync(Token);
        Assert.Equal(0, cluster.A.Server.Process.ExitCode);
        Assert.Equal("1", await b.CallTextAsync("get"));
    }

    [Fact]
    public async Task What_an_instance_held_of_its_callers_limits_is_free_when_it_has_stopped()
    {
        await using var cluster = await Cluster.StartAsync(Cluster.Weather, instances: 2, arguments: ["--Stateroom:MaxStreamsPerOwner=2"]);
        using var first = await new RawClient(cluster.A.Endpoint, "acme-alice").OpenAsync();
        using var second = await new RawClient(cluster.A.Endpoint, "acme-alice").OpenAsync();
        using var one = await first.StreamAsync(HttpMethod.Get);
        using var two = await second.StreamAsync(HttpMethod.Get);
        using var third = await new RawClient(cluster.B.Endpoint, "acme-alice").OpenAsync();
        using (var refused = await third.SendAsync(HttpMethod.Get))
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        }

        await cluster.A.TerminateAsync(Token);

        // At once, and not when leases lapse.
        using var again = Cluster.Client(cluster.B, first, "acme-alice");
        using var three = await again.StreamAsync(HttpMethod.Get);
        using var four = await third.StreamAsync(HttpMethod.Get);
    }

    [Fact]
    public async Task A_rolling_restart_is_not_noticed_by_whoever_verifies_the_server()
    {
        await using var cluster = await Cluster.StartAsync(Cluster.Weather, "nginx/round-robin.conf", Instances, arguments: ["--Stateroom:MaxSessionsPerOwner=1000"]);
        await using var verify = ChildProcess.Start(
            "dotnet", [Repository.Program("src", "Stateroom.Cli"), "verify", "--url", cluster.Endpoint.ToString(), "--duration", "12s", "--sessions", "8"], Repository.Root);
        var restarts = 0;
        while (restarts < Instances || !verify.HasExited)
        {
            Assert.False(verify.HasExited, $"It ended before every instance was restarted:\n{verify.Output}");
            var instance = cluster.Instances[restarts++ % Instances];
            await instance.TerminateAsync(Token);
            Assert.Equal(0, instance.Server.Process.ExitCode);
            await instance.StartReadyAsync(Token);
        }

        await verify.WaitAsync(Token);
        TestContext.Current.TestOutputHelper?.WriteLine($"{restarts} restarts\n{verify.Output}");
        Assert.True(verify.ExitCode == 0, verify.Output);
    }

    private static string Owner(int i) => $"acme/{i % Owners}";

    private static async Task CallAsync(GeneralStream[] sessions, int worker, int[] acknowledged, ConcurrentQueue<string> failures, CancellationToken stop)
    {
        for (var i = worker; !stop.IsCancellationRequested; i = (i + Workers) % sessions.Length)
        {
            try
            {
                using var response = await sessions[i].Session.SendAsync(HttpMethod.Post, RawClient.Call("add"));
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
                RawClient.TextOf(await RawClient.ReadResponseAsync(response));
                acknowledged[i]++;
            }
            catch (Exception e)
            {
                failures.Enqueue($"{DateTimeOffset.UtcNow:HH:mm:ss.fff} {e.Message} {e.GetBaseException().Message}");
            }
        }
    }

    private static async Task SubscribeAsync(RawClient session)
    {
        foreach (var uri in Tell)
        {
            using var response = await session.SendAsync(HttpMethod.Post, $$$"""{"jsonrpc":"2.0","id":1,"method":"resources/subscribe","params":{"uri":"{{{uri}}}"}}""");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    private static async Task RaiseAsync(RawClient client, string uri)
    {
        await client.CallTextAsync("resource_updated", $$"""{"uri":"{{uri}}"}""");
        await client.CallTextAsync("tools_changed");
    }
}
