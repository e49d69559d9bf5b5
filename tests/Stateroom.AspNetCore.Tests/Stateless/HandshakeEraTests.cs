using System.IO.Pipelines;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.Sessions;
using Stateroom.State;

namespace Stateroom.AspNetCore.Tests.Stateless;

/// <summary>What the filters leave alone, and what they do, where a header names the session.</summary>
public sealed class HandshakeEraTests
{
    [Fact]
    public async Task Tools_stay_as_written()
    {
        await using var host = await StatelessHost.StartAsync(o => o.HandleHeader = true);
        var tools = await ToolListTests.ToolsAsync(await host.HandshakeClientAsync(Person.AcmeAlice));

        Assert.Equal(8, tools.Count);
        Assert.All(tools.Values, t => Assert.Null(t["inputSchema"]!["properties"]?["session"]));
    }

    [Fact]
    public async Task Results_carry_no_handle_and_errors_are_told_all_the_same()
    {
        await using var host = await StatelessHost.StartAsync(sessions: o => o.MaxStateBytes = 1024);
        var client = await host.HandshakeClientAsync(Person.AcmeAlice);

        var counted = await client.CallAsync("count");
        Assert.Equal("1", counted.Text);
        Assert.Null(counted.Handle);
        Assert.Single(counted.Result["content"]!.AsArray());
        Assert.Contains("1024", (await client.CallAsync("note", new() { ["length"] = 2000 })).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_question_is_put_to_the_client_and_the_tool_runs_again_in_its_session()
    {
        await using var host = await StatelessHost.StartAsync();
        var token = TestContext.Current.CancellationToken;
        var services = host.Services;
        var created = await host.Store.CreateAsync(new NewSession { Caller = Person.AcmeAlice, Era = SessionEra.Handshake }, token);
        services.GetRequiredService<SessionAccessor>().Current = new SessionContext(
            host.Store, Person.AcmeAlice, SessionEra.Handshake, created.Session);
        var (up, down) = (new Pipe(), new Pipe());
        await using var server = McpServer.Create(
            new StreamServerTransport(up.Reader.AsStream(), down.Writer.AsStream(), "test", NullLoggerFactory.Instance),
            services.GetRequiredService<IOptions<McpServerOptions>>().Value,
            NullLoggerFactory.Instance,
            services);
        var running = server.RunAsync(token);
        await using var client = await McpClient.CreateAsync(
            new StreamClientTransport(up.Writer.AsStream(), down.Reader.AsStream()),
            new McpClientOptions
            {
                ProtocolVersion = "2025-11-25",
                Handlers = new()
                {
                    ElicitationHandler = (_, _) => ValueTask.FromResult(new ElicitResult
                    {
                        Action = "accept",
                        Content = new Dictionary<string, System.Text.Json.JsonElement> { ["name"] = System.Text.Json.JsonElement.Parse("\"Ann\"") },
                    }),
                },
            },
            cancellationToken: token);

        var result = await client.CallToolAsync("ask", new Dictionary<string, object?> { ["topic"] = "tea" }, cancellationToken: token);

        Assert.Equal("tea inner Ann 2", Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text);
        var error = await Assert.ThrowsAsync<McpProtocolException>(() => client.SendRequestAsync(
            new JsonRpcRequest
            {
                Method = RequestMethods.ToolsCall,
                Params = System.Text.Json.Nodes.JsonNode.Parse("""{"name":"ask","arguments":{"topic":"tea"},"requestState":"made up"}"""),
            },
            token));
        Assert.Equal(McpErrorCode.InvalidParams, error.ErrorCode);
    }
}
