using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Stateroom.Shipping.Tests.Support;

namespace Stateroom.Shipping.Tests.Documentation;

/// <summary>The code of docs/your-own-server.md is that of samples/NotesServer.Before and samples/NotesServer, and both do what the page says.</summary>
public sealed class YourOwnServerTests
{
    private const string SamplePage = "docs/your-own-server.md";
    private static readonly string[] _samples = ["samples/NotesServer.Before", "samples/NotesServer"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Blocks => [.. Page.Blocks(SamplePage, "csharp")];

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Every_block_of_code_stands_in_a_sample(string block)
    {
        var sources = _samples.SelectMany(s => Directory.EnumerateFiles(Path.Combine(Repository.Root, s), "*.cs")).Select(f => Flat(File.ReadAllText(f)));
        Assert.Contains(sources, source => source.Contains(Flat(block), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Before_the_notes_are_those_of_one_process()
    {
        await using var server = await ServerProcess.StartAsync(Repository.Program("samples", "NotesServer.Before"));
        await using var client = await ConnectAsync(server, "2025-11-25", key: null);
        Assert.Equal("1", await CallAsync(client, "add_note", new() { ["text"] = "milk" }));
        Assert.Equal("The notes are forgotten.", await CallAsync(client, "forget_notes"));
        Assert.Equal("1", await CallAsync(client, "add_note", new() { ["text"] = "eggs" }));
    }

    [Theory]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task Afterwards_any_process_has_them_and_one_piece_of_code_serves_both_eras(string revision)
    {
        await using var redis = await RedisProcess.StartAsync(Token);
        string[] arguments = [$"--ConnectionStrings:Redis=127.0.0.1:{redis.Port}"];
        var program = Repository.Program("samples", "NotesServer");
        await using var first = await ServerProcess.StartAsync(program, arguments);
        await using var second = await ServerProcess.StartAsync(program, arguments);
        await using var client = await ConnectAsync(first, revision, "key-of-alice");

        // In the stateless era the first result gives the handle.
        var result = await client.CallToolAsync("add_note", new Dictionary<string, object?> { ["text"] = "milk" }, cancellationToken: Token);
        var handle = result.Meta?["stateroom/session"]?.GetValue<string>();
        Assert.Equal(revision == "2026-07-28", handle is not null);
        Dictionary<string, object?> With(string name, string value) => handle is null ? new() { [name] = value } : new() { [name] = value, ["session"] = handle };
        Dictionary<string, object?> Room() => handle is null ? [] : new() { ["session"] = handle };

        Assert.Equal("2", await CallAsync(client, "add_note", With("text", "eggs")));
        if (handle is not null)
        {
            await using var elsewhere = await ConnectAsync(second, revision, "key-of-alice");
            Assert.Equal("""["milk","eggs"]""", await CallAsync(elsewhere, "list_notes", Room()));
            await using var bob = await ConnectAsync(second, revision, "key-of-bob");
            Assert.Contains("There is no such session", await CallAsync(bob, "list_notes", Room()), StringComparison.Ordinal);
        }
        else
        {
            using var elsewhere = new RawClient(second.Endpoint, "key-of-alice") { SessionId = client.SessionId };
            Assert.Contains("eggs", await elsewhere.CallTextAsync("list_notes"), StringComparison.Ordinal);
            using var bob = new RawClient(second.Endpoint, "key-of-bob") { SessionId = client.SessionId };
            using var refused = await bob.SendAsync(HttpMethod.Post, RawClient.Call("list_notes"));
            Assert.Equal(System.Net.HttpStatusCode.NotFound, refused.StatusCode);
        }

        Assert.Equal("The notes are forgotten.", await CallAsync(client, "forget_notes", Room()));
        Assert.Equal("[]", await CallAsync(client, "list_notes", Room()));
    }

    /// <summary>Indentation is another one in a page.</summary>
    private static string Flat(string code) => string.Join('\n', code.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));

    private static async Task<McpClient> ConnectAsync(ServerProcess server, string revision, string? key)
    {
        var headers = key is null ? null : new Dictionary<string, string> { ["Authorization"] = $"Bearer {key}" };
        var transport = new HttpClientTransport(new() { Endpoint = server.Endpoint, TransportMode = HttpTransportMode.StreamableHttp, AdditionalHeaders = headers });
        return await McpClient.CreateAsync(
            transport,
            new McpClientOptions
            {
                ProtocolVersion = revision,
                Capabilities = new() { Elicitation = new() },
                Handlers = new() { ElicitationHandler = (_, _) => ValueTask.FromResult(new ElicitResult { Action = "accept" }) },
            },
            cancellationToken: Token);
    }

    private static async Task<string> CallAsync(McpClient client, string tool, Dictionary<string, object?>? arguments = null)
    {
        var result = await client.CallToolAsync(tool, arguments, cancellationToken: Token);
        return result.Content.OfType<TextContentBlock>().First().Text;
    }
}
