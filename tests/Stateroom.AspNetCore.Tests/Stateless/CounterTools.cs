using System.ComponentModel;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.State;

namespace Stateroom.AspNetCore.Tests.Stateless;

[McpServerToolType]
public sealed class CounterTools
{
    private static readonly CallToolResult _shared = new() { Content = [new TextContentBlock { Text = "shared" }] };

    [McpServerTool(Name = "count"), Description("Counts up.")]
    public static async Task<int> CountAsync(ISessionState<Counter> state, CancellationToken cancellationToken) =>
        (await state.UpdateAsync(c => c with { Count = c.Count + 1 }, cancellationToken)).Count;

    [McpServerTool(Name = "peek")]
    public static async Task<int> PeekAsync(ISessionState<Counter> state, CancellationToken cancellationToken) =>
        (await state.GetAsync(cancellationToken)).Count;

    [McpServerTool(Name = "count_and_fail")]
    public static async Task<int> CountAndFailAsync(ISessionState<Counter> state, CancellationToken cancellationToken)
    {
        await state.UpdateAsync(c => c with { Count = c.Count + 1 }, cancellationToken);
        throw new InvalidOperationException("not for the client");
    }

    [McpServerTool(Name = "count_and_share")]
    public static async Task<CallToolResult> CountAndShareAsync(ISessionState<Counter> state, CancellationToken cancellationToken)
    {
        await state.UpdateAsync(c => c with { Count = c.Count + 1 }, cancellationToken);
        return _shared;
    }

    [McpServerTool(Name = "note")]
    public static async Task<string> NoteAsync(int length, ISessionState<Counter> state, CancellationToken cancellationToken)
    {
        await state.UpdateAsync(c => c with { Notes = new string('n', length) }, cancellationToken);
        return "noted";
    }

    [McpServerTool(Name = "ask"), Description("Opens a session, then asks.")]
    public static async Task<string> AskAsync(
        string topic, RequestContext<CallToolRequestParams> request, ISessionState<Counter> state, CancellationToken cancellationToken)
    {
        var counter = await state.UpdateAsync(c => c with { Count = c.Count + 1 }, cancellationToken);
        if (request.Params.InputResponses?.TryGetValue("who", out var answer) is true)
        {
            return $"{topic} {request.Params.RequestState} {answer.Deserialize(InputResponse.ElicitResultJsonTypeInfo)!.Content!["name"].GetString()} {counter.Count}";
        }

        throw Question("who", "inner");
    }

    [McpServerTool(Name = "plain")]
    public static string Plain(string text) => text;

    [McpServerTool(Name = "marked"), UsesSession]
    public static string Marked() => "marked";

    internal static InputRequiredException Question(string key, string? state) => new(
        new Dictionary<string, InputRequest>
        {
            [key] = InputRequest.ForElicitation(new ElicitRequestParams
            {
                Message = "Who?",
                RequestedSchema = new() { Properties = { ["name"] = new ElicitRequestParams.StringSchema() } },
            }),
        },
        state);
}
