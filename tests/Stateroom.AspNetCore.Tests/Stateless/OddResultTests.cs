using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.AspNetCore.Tests.Support;

namespace Stateroom.AspNetCore.Tests.Stateless;

/// <summary>Whatever a tool or a filter of the host makes of a call, it is answered as by a server of the SDK.</summary>
public sealed class OddResultTests
{
    private static readonly JsonTypeInfo<EmptyResult> _type = (JsonTypeInfo<EmptyResult>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(EmptyResult));

    [Theory]
    [InlineData("no_result")]
    [InlineData("no_content")]
    [InlineData("forges_server")]
    [InlineData("spaced_out")]
    [InlineData("lone_surrogates")]
    [InlineData("deep")]
    [InlineData("unwritable")]
    [InlineData("says_line_ends")]
    [InlineData("error_with_data")]
    [InlineData("error_within")]
    [InlineData("throws_at_once")]
    [InlineData("asks_for_a_visit")]
    [InlineData("misses_capability")]
    [InlineData("cancelled_elsewhere")]
    [InlineData("cancels_itself")]
    public Task Whatever_a_tool_makes_of_a_call(string tool) => AssertSameAsync(tool, mcp => mcp.WithTools<OddTools>());

    [Theory]
    [InlineData("renamed")]
    [InlineData("no_result")]
    [InlineData("alternate")]
    [InlineData("alternate_task")]
    [InlineData("alternate_question")]
    public Task Whatever_a_filter_makes_of_a_call(string tool) => AssertSameAsync(tool, mcp => mcp.WithTools<FilteredTools>()
        .WithRequestFilters(filters => filters.AddCallToolFilter(next => async (request, cancellationToken) =>
        {
            if (request.Params.Name == "renamed")
            {
                request.Params.Name = "another";
            }

            var result = await next(request, cancellationToken);
            return request.Params.Name == "no_result" ? null! : result;
        }))
        .Services.Configure<McpServerOptions>(o => o.Filters.Request.CallToolWithAlternateFilters.Add(async (request, next, cancellationToken) =>
        {
            var result = await next(request, cancellationToken);
            return request.Params.Name switch
            {
                "alternate" => Alternate(new() { Meta = new() { ["any"] = 1 } }),
                "alternate_task" => Alternate(new() { ResultType = "task" }),
                "alternate_question" => Alternate(new() { ResultType = "input_required", Meta = new() { ["any"] = 1 } }),
                _ => result,
            };
        })));

    private static ResultOrAlternate<CallToolResult> Alternate(EmptyResult result) => ResultOrAlternate<CallToolResult>.FromAlternate(result, _type);

    private static async Task AssertSameAsync(string tool, Action<IMcpServerBuilder> host)
    {
        var answers = await Task.WhenAll(CallWays.All.Select(async way =>
        {
            await using var server = await SessionServer.StartAsync(null, mcp => host(mcp.RunCalls(way)));
            return await RawStatelessRequest.Call(tool).SendAsync(server.Url);
        }));
        Assert.All(answers, answer => answer.AssertSays(answers[(int)CallWay.SdkEndpoint]));
    }

    /// <summary>Tools of which a filter changes what they give.</summary>
    private sealed class FilteredTools
    {
        [McpServerTool(Name = "renamed")]
        public static string Renamed() => "under its own name";

        [McpServerTool(Name = "another")]
        public static string Another() => "under another name";

        [McpServerTool(Name = "no_result")]
        public static string NoResult() => "";

        [McpServerTool(Name = "alternate")]
        public static string Alternate() => "";

        [McpServerTool(Name = "alternate_task")]
        public static string AlternateTask() => "";

        [McpServerTool(Name = "alternate_question")]
        public static string AlternateQuestion() => "";
    }
}
