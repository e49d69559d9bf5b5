
namespace Stateroom.ScaleOut.Tests;

/// <summary>Signals get lost with a connection; messages do not.</summary>
public sealed class LostSignalTests
{
    private const int Messages = 40;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stream_whose_instance_lost_its_connection_catches_up_without_gap_or_duplicate()
    {
        await using var cluster = await Cluster.StartAsync(Cluster.Probe, instances: 2, proxied: true);
        using var a = await Cluster.Client(cluster.A).OpenAsync();
        using var b = Cluster.Client(cluster.B, a);
        for (var i = 0; i < Messages; i++)
        {
            using var response = await a.SendAsync(
                HttpMethod.Post, $$$"""{"jsonrpc":"2.0","id":1,"method":"resources/subscribe","params":{"uri":"probe://{{{i}}}"}}""");
            Assert.True(response.IsSuccessStatusCode);
        }

        var reading = ReadAsync(b);
        for (var i = 0; i < Messages; i++)
        {
            switch (i)
            {
                case Messages / 4:
                    cluster.Proxies[1].Cut();
                    break;
                case Messages / 2:
                    cluster.Proxies[1].Interrupt();
                    break;
                case Messages * 3 / 4:
                    cluster.Proxies[1].Restore();
                    break;
            }

            Assert.Equal("told", await a.CallTextAsync("resource_updated", $$"""{"uri":"probe://{{i}}"}"""));
        }

        Assert.Equal(Enumerable.Range(0, Messages).Select(i => $"probe://{i}"), await reading.WaitAsync(TimeSpan.FromSeconds(60), Token));
    }

    /// <summary>Reads the general stream as a client does: where it breaks, it is resumed after the last event.</summary>
    private static async Task<List<string>> ReadAsync(RawClient client)
    {
        var uris = new List<string>();
        string? last = null;
        while (uris.Count < Messages)
        {
            using var response = await client.SendAsync(HttpMethod.Get, body: (string?)null, last);
            if (!response.IsSuccessStatusCode)
            {
                await Task.Delay(50, Token);
                continue;
            }

            using var stream = new SseReader(response);
            try
            {
                while (uris.Count < Messages && await stream.ReadAsync(Token) is { } message)
                {
                    last = message.Id ?? last;
                    if (message.Data.Length > 0)
                    {
                        uris.Add((string)message.Json["params"]!["uri"]!);
                    }
                }
            }
            catch (Exception e) when (e is IOException or HttpRequestException)
            {
                // The instance let the stream go; it is taken up again.
            }
        }

        return uris;
    }
}
