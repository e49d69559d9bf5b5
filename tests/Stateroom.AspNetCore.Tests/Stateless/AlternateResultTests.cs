using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace Stateroom.AspNetCore.Tests.Stateless;

/// <summary>Hosts that use the SDK's other way to answer a call.</summary>
public sealed class AlternateResultTests
{
    private static readonly JsonTypeInfo<InputRequiredResult> _type =
        (JsonTypeInfo<InputRequiredResult>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(InputRequiredResult));

    [Fact]
    public async Task A_question_that_is_returned_is_sealed_like_one_that_is_thrown()
    {
        await using var host = await StatelessHost.StartAsync(server: mcp => mcp.Services.Configure<McpServerOptions>(
            o => o.Filters.Request.CallToolWithAlternateFilters.Add((request, next, ct) => request.Params.InputResponses is null ? ValueTask.FromResult(Ask()) : next(request, ct))));

        await AskAndAnswerAsync(host, "as asked");
    }

    [Fact]
    public async Task A_handler_in_the_place_of_the_ordinary_pipeline_is_served_too()
    {
        await using var host = await StatelessHost.StartAsync(server: mcp => mcp.Services.Configure<McpServerOptions>(
            o => o.Handlers.CallToolWithAlternateHandler = (request, _) => ValueTask.FromResult(request.Params.InputResponses is null ? Ask() : Answer(request.Params.RequestState!))));

        await AskAndAnswerAsync(host, "inner", tool: "handled");
        var client = host.Client(Person.AcmeAlice);
        var handle = (await client.CallAsync("count")).Handle;
        Assert.Equal("2", (await client.CallAsync("count", new() { ["session"] = handle })).Text);
    }

    private static async Task AskAndAnswerAsync(StatelessHost host, string expected, string tool = "plain")
    {
        var client = host.Client(Person.AcmeAlice);
        var asked = await client.CallAsync(tool, new() { ["text"] = "as asked" });
        Assert.DoesNotContain("inner", asked.State!, StringComparison.Ordinal);

        var answer = new JsonObject { ["inputResponses"] = new JsonObject(), ["requestState"] = asked.State };
        Assert.Equal(expected, (await client.CallAsync(tool, new() { ["text"] = "as asked" }, answer)).Text);
        Assert.Equal(-32602, (await host.Client(Person.AcmeBob).CallAsync(tool, new() { ["text"] = "as asked" }, answer)).Error);
    }

    private static ResultOrAlternate<CallToolResult> Ask() =>
        ResultOrAlternate<CallToolResult>.FromAlternate(CounterTools.Question("who", "inner").Result, _type);

    private static ResultOrAlternate<CallToolResult> Answer(string text) => new CallToolResult { Content = [new TextContentBlock { Text = text }] };
}
