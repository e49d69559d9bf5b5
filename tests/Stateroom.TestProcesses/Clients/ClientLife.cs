using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace Stateroom.TestProcesses.Clients;

/// <summary>What a client on the C# SDK does in either era. Who inherits this says where.</summary>
/// <param name="revision">The revision of the protocol that the client speaks.</param>
public abstract class ClientLife(string revision)
{
    protected const string Key = "dev-token";
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>The endpoint of the weather server, with its Development keys.</summary>
    protected abstract Uri Weather { get; }

    /// <summary>The endpoint of the conformance fixture.</summary>
    protected abstract Uri Fixture { get; }

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_city_of_a_comparison_is_told()
    {
        await using var client = await ConnectAsync();
        await using var progress = new ProgressRecorder(client.Mcp, expected: 3);

        ToolResults.Value(await client.Mcp.CallToolAsync(
            new CallToolRequestParams
            {
                Name = "compare_cities",
                Arguments = new Dictionary<string, JsonElement> { ["cities"] = JsonSerializer.SerializeToElement<string[]>(["Pune", "Oslo", "Vienna"]) },
                Meta = progress.Meta,
            },
            Token));

        Assert.Equal([1, 2, 3], (await progress.Complete.WaitAsync(Patience, Token)).Order());
    }

    /// <summary>Connects a client to the weather server.</summary>
    private protected Task<TestClient> ConnectAsync() => ConnectAsync(Weather);

    private protected Task<TestClient> ConnectAsync(Uri endpoint, string? key = Key) => TestClient.ConnectAsync(endpoint, revision, key, Token);
}
