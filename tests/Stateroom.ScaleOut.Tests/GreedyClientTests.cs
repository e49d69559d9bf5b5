using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;

namespace Stateroom.ScaleOut.Tests;

/// <summary>Clients that take and do not give: the server's memory stays bounded and others are served.</summary>
public sealed class GreedyClientTests : IAsyncLifetime
{
    private const int Connections = 10_000;
    private const int Megabyte = 1024 * 1024;

    // What the test process needs besides.
    private const int OtherFiles = 1_000;

    private Cluster _cluster = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => await StartAsync();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Ten_thousand_connections_that_say_nothing_or_half_a_request_cost_little()
    {
        var count = Math.Min(Connections, OpenFilesLimit() - OtherFiles);
        var before = _cluster.A.Server.Process.WorkingSet;
        var sockets = new Socket[count];
        try
        {
            await Parallel.ForAsync(0, count, Token, async (i, cancellationToken) =>
            {
                sockets[i] = await ConnectAsync(cancellationToken);
                if (i % 2 == 1)
                {
                    await sockets[i].SendAsync("POST /mcp HTTP/1.1\r\nHost: localhost\r\nX-Half: "u8.ToArray(), cancellationToken);
                }
            });
            await OthersAreServedAsync();
            Bounded(before, most: 300, $"{count} connections");

            // Who began a request is not waited for without end.
            await EndsAsync(sockets[1]);
            await OthersAreServedAsync();
        }
        finally
        {
            Array.ForEach(sockets, s => s?.Dispose());
        }
    }

    [Fact]
    public async Task Who_asks_and_never_reads_is_not_listened_to_and_costs_little()
    {
        const int Readers = 30;
        using var session = await Cluster.Client(_cluster.A, "acme/slow").OpenAsync();
        var request = Encoding.ASCII.GetBytes(Head(session, "Content-Length: 58") + """{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{}}""");
        var before = _cluster.A.Server.Process.WorkingSet;
        var sockets = await Task.WhenAll(Enumerable.Range(0, Readers).Select(_ => ConnectAsync(Token).AsTask()));
        try
        {
            // Each asks again and again until nobody takes its requests: the answers that it does not read fill what there is for answers.
            var asking = sockets.Select(socket => AskUntilStuckAsync(socket, request)).ToArray();
            await OthersAreServedAsync();
            await Task.WhenAll(asking);
            Bounded(before, most: 200, $"{Readers} slow readers");
            await OthersAreServedAsync();
        }
        finally
        {
            Array.ForEach(sockets, s => s.Dispose());
        }
    }

    [Fact]
    public async Task Streams_that_nobody_reads_hold_no_more_than_their_outbox()
    {
        const int Streams = 20;
        const int Messages = 4_000;
        var uri = "probe://" + new string('x', 8_000);
        var clients = new List<RawClient>();
        var sockets = new List<Socket>();
        try
        {
            for (var i = 0; i < Streams; i++)
            {
                var client = await Cluster.Client(_cluster.A, $"acme/{i}").OpenAsync();
                clients.Add(client);
                using var subscribed = await client.SendAsync(HttpMethod.Post, $$$"""{"jsonrpc":"2.0","id":1,"method":"resources/subscribe","params":{"uri":"{{{uri}}}"}}""");
                Assert.Equal(HttpStatusCode.OK, subscribed.StatusCode);
                sockets.Add(await ConnectAsync(Token));
                await sockets[i].SendAsync(Encoding.ASCII.GetBytes(
                    $"GET /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer acme/{i}\r\nAccept: text/event-stream\r\nMcp-Session-Id: {client.SessionId}\r\nMCP-Protocol-Version: 2025-11-25\r\n\r\n"), Token);
            }

            // Together 640 MB, had each stream to be told all of it.
            var before = _cluster.A.Server.Process.WorkingSet;
            using var tells = await Cluster.Client(_cluster.A, "acme/tells").OpenAsync();
            await Parallel.ForAsync(0, Messages, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Token }, async (_, _) =>
                await tells.CallTextAsync("resource_updated", $$"""{"uri":"{{uri}}"}"""));
            Bounded(before, most: 300, $"{Streams} streams");
            await OthersAreServedAsync();
        }
        finally
        {
            clients.ForEach(c => c.Dispose());
            sockets.ForEach(s => s.Dispose());
        }
    }

    [Theory]
    [InlineData("2025-11-25", "application/json")]
    [InlineData("2025-11-25", "text/event-stream")]
    [InlineData("2026-07-28", "application/json, text/event-stream")]
    public async Task Long_answers_that_are_read_byte_by_byte_are_so_many_only_and_are_cut_off(string revision, string accept)
    {
        const int Calls = 4;

        // More than a connection holds by itself, and 15 s at this rate.
        const int Length = 6 * Megabyte;
        await _cluster.DisposeAsync();
        await StartAsync($"--Stateroom:MaxCallsPerOwner={Calls}", $"--MinResponseBytesPerSecond={Length / 15}", "--Stateroom:StreamAfter=00:00:20");
        using var session = await Cluster.Client(_cluster.A, "acme/slow").OpenAsync();
        var body = revision == session.Version ? RawClient.Call("text", $$"""{"length":{{Length}}}""")
            : $$$"""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"text","arguments":{"length":{{{Length}}} },"_meta":{"io.modelcontextprotocol/protocolVersion":"{{{revision}}}","io.modelcontextprotocol/clientInfo":{"name":"raw","version":"1"},"io.modelcontextprotocol/clientCapabilities":{} } } }""";
        var request = Encoding.ASCII.GetBytes(
            $"POST /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer acme/slow\r\nAccept: {accept}\r\nContent-Type: application/json\r\nMcp-Session-Id: {session.SessionId}\r\n"
            + $"MCP-Protocol-Version: {revision}\r\nMcp-Method: tools/call\r\nMcp-Name: text\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        var before = _cluster.A.Server.Process.WorkingSet;
        var sockets = new List<Socket>();
        try
        {
            for (var i = 0; i < 2 * Calls; i++)
            {
                // Each is begun when the one before has its answer, and so has given its place back.
                sockets.Add(await ConnectAsync(Token));
                await sockets[i].SendAsync(request, Token);
                await ReadUntilAsync(sockets[i], "xxx"u8.ToArray());
            }

            using var refused = await session.SendAsync(HttpMethod.Post, RawClient.Call("get"));
            Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
            Assert.Contains("MaxCallsPerOwner", await refused.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
            await OthersAreServedAsync();
            Bounded(before, most: 400, $"{sockets.Count} long answers");

            // The bytes that have come already they go on reading; what counts is that the server has let go.
            using var over = CancellationTokenSource.CreateLinkedTokenSource(Token);
            var reading = sockets.Select(socket => ReadByteByByteAsync(socket, over.Token)).ToArray();
            await Eventually.HoldsAsync(async () => await StatusAsync(session) == HttpStatusCode.OK, "The places of those that were cut off are still taken.", Token);
            await over.CancelAsync();
            await Task.WhenAll(reading);
        }
        finally
        {
            sockets.ForEach(s => s.Dispose());
        }
    }

    [Fact]
    public async Task A_stream_of_listen_that_nobody_reads_holds_each_topic_once_and_is_cut_off()
    {
        const int Streams = 16;
        const int Messages = 4_000;

        // Some 20 s for what a connection holds by itself, 4 MB at the most.
        await _cluster.DisposeAsync();
        await StartAsync("--MinResponseBytesPerSecond=200000");
        string[] uris = [.. Enumerable.Range(0, 4).Select(i => $"probe://{i}{new string('x', 8_000)}")];
        using var slow = Cluster.Client(_cluster.A, "acme/slow");
        var listening = new List<HttpResponseMessage>();
        try
        {
            for (var i = 0; i < Streams; i++)
            {
                listening.Add(await ListenAsync(slow, uris));
                Assert.Equal(HttpStatusCode.OK, listening[i].StatusCode);
            }

            // Together 2 GB, had each stream to be told all of it.
            var before = _cluster.A.Server.Process.WorkingSet;
            using var tells = await Cluster.Client(_cluster.A, "acme/tells").OpenAsync();
            await Parallel.ForAsync(0, Messages, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Token }, async (i, _) =>
                await tells.CallTextAsync("resource_updated", $$"""{"uri":"{{uris[i % uris.Length]}}"}"""));
            Bounded(before, most: 300, $"{Streams} streams of listen");
            await OthersAreServedAsync();
            using var other = Cluster.Client(_cluster.A, "acme/other");
            using var heard = await ListenAsync(other, uris);
            Assert.Equal(HttpStatusCode.OK, heard.StatusCode);

            // Who reads none of it makes room in the end.
            await Eventually.HoldsAsync(
                async () =>
                {
                    using var again = await ListenAsync(slow, uris);
                    return !await IsRefusedAsync(again);
                },
                "The places of those that were cut off are still taken.",
                Token);
        }
        finally
        {
            listening.ForEach(l => l.Dispose());
        }
    }

    [Fact]
    public async Task Bodies_that_never_end_are_refused_or_given_up()
    {
        const int Bodies = 20;
        using var session = await Cluster.Client(_cluster.A, "acme/endless").OpenAsync();
        var head = Encoding.ASCII.GetBytes(Head(session, "Transfer-Encoding: chunked"));
        var chunk = Encoding.ASCII.GetBytes($"10000\r\n{new string(' ', 0x10000)}\r\n");
        var before = _cluster.A.Server.Process.WorkingSet;
        var fast = await Task.WhenAll(Enumerable.Range(0, Bodies).Select(_ => ConnectAsync(Token).AsTask()));
        using var slow = await ConnectAsync(Token);
        try
        {
            await slow.SendAsync(head, Token);
            var sending = fast.Select(socket => AskAsync(socket, chunk, head)).ToArray();
            await OthersAreServedAsync();
            await Task.WhenAll(sending);
            Bounded(before, most: 400, $"{Bodies} bodies");

            // One that says nothing more is waited for as long as the web server waits for the least that a body must bring.
            await EndsAsync(slow);
            await OthersAreServedAsync();
        }
        finally
        {
            Array.ForEach(fast, s => s.Dispose());
        }
    }

    private static Task<HttpResponseMessage> ListenAsync(RawClient client, string[] uris) => client.SendStatelessAsync(
        "subscriptions/listen", new() { ["notifications"] = new JsonObject { ["resourceSubscriptions"] = new JsonArray([.. uris.Select(uri => (JsonNode)uri)]) } });

    /// <summary>Whether a stream ends with an error in the place of the acknowledgement.</summary>
    private static async Task<bool> IsRefusedAsync(HttpResponseMessage listening)
    {
        if (listening.Content.Headers.ContentType?.MediaType != "text/event-stream")
        {
            return true;
        }

        return (await new SseReader(listening).ReadMessageAsync(Token)).Json["error"] is not null;
    }

    private static async Task<HttpStatusCode> StatusAsync(RawClient client)
    {
        using var response = await client.SendAsync(HttpMethod.Post, RawClient.Call("get"));
        return response.StatusCode;
    }

    /// <summary>Reads, byte by byte, until something has come.</summary>
    private static async Task ReadUntilAsync(Socket socket, byte[] wanted)
    {
        var read = new List<byte>();
        var one = new byte[1];
        while (!CollectionsMarshal.AsSpan(read).EndsWith(wanted))
        {
            Assert.True(await socket.ReceiveAsync(one, Token) > 0 && read.Count < 10_000, Encoding.ASCII.GetString([.. read]));
            read.Add(one[0]);
        }
    }

    /// <summary>Reads a byte now and then.</summary>
    private static async Task ReadByteByByteAsync(Socket socket, CancellationToken over)
    {
        try
        {
            while (await socket.ReceiveAsync(new byte[1], over) > 0)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), over);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            // Cut off, or enough.
        }
    }

    private static string Head(RawClient session, string framing) =>
        $"POST /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer acme/{(framing.StartsWith('T') ? "endless" : "slow")}\r\nAccept: application/json, text/event-stream\r\n"
        + $"Content-Type: application/json\r\nMcp-Session-Id: {session.SessionId}\r\nMCP-Protocol-Version: 2025-11-25\r\n{framing}\r\n\r\n";

    /// <summary>Sends without reading, until the server has had enough.</summary>
    private static async Task AskAsync(Socket socket, byte[] again, byte[]? first = null)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        try
        {
            if (first is not null)
            {
                await socket.SendAsync(first, patience.Token);
            }

            while (true)
            {
                await socket.SendAsync(again, patience.Token);
            }
        }
        catch (SocketException)
        {
            // Cut off, as it should be.
        }
    }

    /// <summary>Sends without reading, until the server takes no more.</summary>
    private static async Task AskUntilStuckAsync(Socket socket, byte[] again)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        try
        {
            while (true)
            {
                patience.CancelAfter(TimeSpan.FromSeconds(3));
                await socket.SendAsync(again, patience.Token);
            }
        }
        catch (OperationCanceledException) when (!Token.IsCancellationRequested)
        {
            // Stuck. Kestrel cuts it off when it has read less than 240 bytes a second of what was written for it.
        }
        catch (SocketException)
        {
            // Cut off already.
        }
    }

    /// <summary>Waits until the server has closed a connection.</summary>
    private static async Task EndsAsync(Socket socket)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        try
        {
            while (await socket.ReceiveAsync(new byte[1024], patience.Token) > 0)
            {
            }
        }
        catch (SocketException)
        {
        }
    }

    private static int OpenFilesLimit() =>
        File.ReadLines("/proc/self/limits").First(l => l.StartsWith("Max open files", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[4] is var hard
        && int.TryParse(hard, out var limit) ? limit : int.MaxValue;

    private async Task StartAsync(params string[] settings)
    {
        // What it would log of so many requests would cost more than they do.
        _cluster = await Cluster.StartAloneAsync(Cluster.Probe, ["--Logging:LogLevel:Default=Warning", "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Information", .. settings]);
        await OthersAreServedAsync();
    }

    private async ValueTask<Socket> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(IPAddress.Loopback, _cluster.A.Port, cancellationToken);
        return socket;
    }

    private async Task OthersAreServedAsync()
    {
        for (var i = 0; i < 5; i++)
        {
            using var other = await Cluster.Client(_cluster.A, $"globex/{i}").OpenAsync();
            Assert.Equal("1", await other.CallTextAsync("add"));
            using var deleted = await other.SendAsync(HttpMethod.Delete);
        }
    }

    private void Bounded(long before, int most, string cause)
    {
        var grown = (_cluster.A.Server.Process.WorkingSet - before) / Megabyte;
        TestContext.Current.TestOutputHelper?.WriteLine($"{cause}: {grown} MB more than the {before / Megabyte} MB before");
        Assert.True(grown <= most, $"{cause} cost {grown} MB.");
    }
}
