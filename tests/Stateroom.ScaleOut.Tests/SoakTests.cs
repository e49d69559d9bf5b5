using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Stateroom.ScaleOut.Tests;

/// <summary>
/// Two instances live through all that sessions do, again and again, and use no more at the end than in the beginning. Some seconds as a rule;
/// <c>STATEROOM_SOAK_MINUTES</c> makes it as many minutes, for a nightly run.
/// </summary>
public sealed class SoakTests
{
    private const int Workers = 6;
    private const int Owners = 50;
    private const int Samples = 12;
    private const int WarmUp = 4;
    private const int Megabyte = 1024 * 1024;

    private static readonly TimeSpan Short = TimeSpan.FromSeconds(20);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_used_stays_flat()
    {
        var duration = double.TryParse(Environment.GetEnvironmentVariable("STATEROOM_SOAK_MINUTES"), CultureInfo.InvariantCulture, out var minutes) ? TimeSpan.FromMinutes(minutes) : Short;
        await using var cluster = await Cluster.StartAsync(Cluster.Probe, instances: 2, arguments: ["--Redis:CallTimeout=00:00:10"]);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var lives = 0;
        var load = Task.WhenAll(Enumerable.Range(0, Workers).Select(w => Task.Run(
            async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    // A client that closes a stream may go on reading it for some seconds, in which it counts for the limit of its owner.
                    await LiveAsync(cluster, $"acme/{w}-{Interlocked.Increment(ref lives) % Owners}");
                }
            },
            Token)));
        using var observer = await Cluster.Client(cluster.A, "acme/observer").OpenAsync();
        using var timer = new PeriodicTimer(duration / (Samples + WarmUp));
        var samples = new List<Sample>();
        for (var i = 0; i < Samples + WarmUp && !load.IsCompleted && await timer.WaitForNextTickAsync(Token); i++)
        {
            samples.Add(await SampleAsync(cluster, observer));
            TestContext.Current.TestOutputHelper?.WriteLine($"{lives} lives: {samples[^1]}");
        }

        await stop.CancelAsync();
        await load;

        // What is used comes and goes with what is under way just then: the least of each half counts.
        var (first, last) = (samples.Skip(WarmUp).Take(Samples / 2).ToArray(), samples.Skip(WarmUp + (Samples / 2)).ToArray());
        Flat("bytes", s => s.Memory, 4 * Megabyte);
        Flat("open files", s => s.Files, 10);
        Flat("threads", s => s.Threads, 5);
        Flat("connections to Redis", s => s.Connections, 0);

        void Flat(string what, Func<Sample, long> of, long allowance)
        {
            var (before, after) = (first.Min(of), last.Min(of));
            Assert.True(after <= before + allowance, $"There were as few as {before} {what} in the first half, and never less than {after} in the second.");
        }
    }

    /// <summary>All that a session may go through.</summary>
    private static async Task LiveAsync(Cluster cluster, string key)
    {
        using var a = await Cluster.Client(cluster.A, key).OpenAsync();
        using var b = Cluster.Client(cluster.B, a, key);
        using (var general = await b.StreamAsync(HttpMethod.Get))
        {
            await general.ReadAsync(Token);
            for (var i = 1; i <= 5; i++)
            {
                Assert.Equal($"{i}", await (i % 2 == 0 ? a : b).CallTextAsync("add"));
            }

            await a.CallTextAsync("tools_changed");
            await general.ReadMessageAsync(Token);
        }

        // A question that is answered through the other instance, and one whose client leaves for good.
        using (var asked = await HeldCall.StartAsync(a, "ask"))
        {
            await asked.AnswerAsync(b, "Ada");
            Assert.Equal("accept: Ada", await asked.ReadTextAsync());
        }

        using (await HeldCall.StartAsync(b, "ask", id: "2"))
        {
        }

        using (var ended = await a.SendAsync(HttpMethod.Delete))
        {
            Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        }

        using (var gone = await b.SendAsync(HttpMethod.Post, RawClient.Call("get")))
        {
            Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        }

        using var stateless = Cluster.Client(cluster.B, key);
        using (var listening = await stateless.ListenAsync(new JsonObject { ["toolsListChanged"] = true }))
        {
            await listening.ReadMessageAsync(Token);
            await stateless.CallToolAsync("tools_changed", []);
            await listening.ReadMessageAsync(Token);
        }

        Assert.NotNull(await stateless.CallToolAsync("get", []));
    }

    private static async Task<Sample> SampleAsync(Cluster cluster, RawClient observer)
    {
        var parts = (await observer.CallTextAsync("vitals")).Split(' ').Select(p => long.Parse(p, CultureInfo.InvariantCulture)).ToArray();
        return new(parts[0], parts[1], parts[2], await ConnectionsAsync(cluster.Redis.Port));
    }

    /// <summary>How many connections Redis has, this one not counted.</summary>
    private static async Task<long> ConnectionsAsync(int port)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, Token);
        await using var stream = client.GetStream();
        await stream.WriteAsync("INFO clients\r\nQUIT\r\n"u8.ToArray(), Token);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        while (await reader.ReadLineAsync(Token) is { } line)
        {
            if (line.StartsWith("connected_clients:", StringComparison.Ordinal))
            {
                return long.Parse(line.AsSpan(line.IndexOf(':', StringComparison.Ordinal) + 1), CultureInfo.InvariantCulture) - 1;
            }
        }

        throw new EndOfStreamException("Redis did not say how many clients it has.");
    }

    /// <param name="Memory">Managed memory after a collection, in bytes.</param>
    /// <param name="Files">Open files: sockets, pipes and whatever else has a handle.</param>
    /// <param name="Threads">Threads.</param>
    /// <param name="Connections">Redis's connections.</param>
    private sealed record Sample(long Memory, long Files, long Threads, long Connections);
}
