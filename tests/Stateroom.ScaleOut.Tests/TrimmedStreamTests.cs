
namespace Stateroom.ScaleOut.Tests;

/// <summary>A client was away for so long that messages for it were dropped.</summary>
public sealed class TrimmedStreamTests
{
    private const int Kept = 8;
    private const int Told = 20;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_resumes_behind_what_is_kept_is_told_to_list_again_at_any_instance()
    {
        await using var cluster = await Cluster.StartAsync(
            Cluster.Probe, arguments: ["--Redis:CallTimeout=00:00:05", $"--Stateroom:MaxOutboxMessages={Kept}"]);
        using var a = await Cluster.Client(cluster.A).OpenAsync();
        using var b = Cluster.Client(cluster.B, a);
        using var c = Cluster.Client(cluster.C, a);
        for (var i = 0; i < Told; i++)
        {
            using var subscribed = await a.SendAsync(
                HttpMethod.Post, $$$"""{"jsonrpc":"2.0","id":1,"method":"resources/subscribe","params":{"uri":"probe://{{{i}}}"}}""");
            Assert.True(subscribed.IsSuccessStatusCode);
        }

        string? last;
        using (var left = await b.StreamAsync(HttpMethod.Get))
        {
            Assert.Equal("told", await a.CallTextAsync("resource_updated", """{"uri":"probe://0"}"""));
            last = (await left.ReadMessageAsync(Token)).Id;
        }

        for (var i = 1; i < Told; i++)
        {
            Assert.Equal("told", await a.CallTextAsync("resource_updated", $$"""{"uri":"probe://{{i}}"}"""));
        }

        using var resumed = await c.StreamAsync(HttpMethod.Get, lastEventId: last);
        var signs = new List<string?>();
        var uris = new List<string?>();
        string? newest = null;
        while (uris.Count < Kept)
        {
            var message = await resumed.ReadMessageAsync(Token);
            if ((string?)message.Json["method"] == "notifications/resources/updated")
            {
                uris.Add((string?)message.Json["params"]!["uri"]);
                newest = message.Id;
            }
            else
            {
                // Before anything that was kept: what follows is not the next thing after what the client had.
                Assert.Empty(uris);
                signs.Add((string?)message.Json["method"]);
            }
        }

        Assert.Contains("notifications/resources/list_changed", signs);
        Assert.Contains("notifications/tools/list_changed", signs);
        Assert.Equal(Enumerable.Range(Told - Kept, Kept).Select(i => $"probe://{i}"), uris);

        // Who is up to date again hears no such sign.
        resumed.Dispose();
        using var again = await b.StreamAsync(HttpMethod.Get, lastEventId: newest);
        Assert.Equal("told", await a.CallTextAsync("resource_updated", """{"uri":"probe://0"}"""));
        Assert.Equal("probe://0", (string?)(await again.ReadMessageAsync(Token)).Json["params"]?["uri"]);
    }
}
