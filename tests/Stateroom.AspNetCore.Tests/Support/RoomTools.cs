using System.Collections.Concurrent;
using System.ComponentModel;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.State;

namespace Stateroom.AspNetCore.Tests.Support;

public sealed record Counter
{
    public int Value { get; init; }

    public string Text { get; init; } = "";
}

/// <summary>Doors at which tools wait until a test lets them on.</summary>
public sealed class Gates
{
    private readonly ConcurrentDictionary<string, (TaskCompletionSource Reached, TaskCompletionSource Open)> _gates = new();

    private (TaskCompletionSource Reached, TaskCompletionSource Open) this[string name] =>
        _gates.GetOrAdd(name, _ => (new(TaskCreationOptions.RunContinuationsAsynchronously), new(TaskCreationOptions.RunContinuationsAsynchronously)));

    public Task ReachedAsync(string name) => this[name].Reached.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

    public void Open(string name) => this[name].Open.TrySetResult();

    public void OpenAll()
    {
        foreach (var name in _gates.Keys)
        {
            Open(name);
        }
    }

    public Task WaitAsync(string name, CancellationToken cancellationToken)
    {
        this[name].Reached.TrySetResult();
        return this[name].Open.Task.WaitAsync(cancellationToken);
    }
}

[McpServerToolType]
#pragma warning disable MCP9005 // Handshake-era clients still use logging.
public sealed class RoomTools(Gates gates)
{
    [McpServerTool(Name = "add"), Description("Adds to the session's counter")]
    public static async Task<string> Add(ISessionState<Counter> state, CancellationToken cancellationToken, int n = 1) =>
        $"{(await state.UpdateAsync(s => s with { Value = s.Value + n }, cancellationToken)).Value}";

    [McpServerTool(Name = "get")]
    public static async Task<string> Get(ISessionState<Counter> state, CancellationToken cancellationToken) =>
        $"{(await state.GetAsync(cancellationToken)).Value}";

    [McpServerTool(Name = "fill")]
    public static async Task<string> Fill(int size, ISessionState<Counter> state, CancellationToken cancellationToken)
    {
        await state.UpdateAsync(s => s with { Text = new string('x', size) }, cancellationToken);
        return "filled";
    }

    [McpServerTool(Name = "note")]
    public static async Task<string> Note(string text, ISessionState<Counter> state, CancellationToken cancellationToken)
    {
        await state.UpdateAsync(s => s with { Text = text }, cancellationToken);
        return "noted";
    }

    [McpServerTool(Name = "length")]
    public static async Task<string> Length(ISessionState<Counter> state, CancellationToken cancellationToken) =>
        $"{(await state.GetAsync(cancellationToken)).Text.Length}";

    [McpServerTool(Name = "who")]
    public static string Who(ISessionAccessor session) => $"{session.Current!.Caller.Tenant}/{session.Current.Caller.Owner}";

    /// <summary>Waits at a gate, then writes.</summary>
    [McpServerTool(Name = "wait")]
    public async Task<string> Wait(string gate, ISessionState<Counter> state, CancellationToken cancellationToken)
    {
        await gates.WaitAsync(gate, cancellationToken);
        return $"{(await state.UpdateAsync(s => s with { Value = s.Value + 100 }, cancellationToken)).Value}";
    }

    /// <summary>Waits at a gate and heeds no token, then writes.</summary>
    [McpServerTool(Name = "stubborn")]
    public async Task<string> Stubborn(string gate, ISessionState<Counter> state)
    {
        await gates.WaitAsync(gate, CancellationToken.None);
        await state.UpdateAsync(s => s with { Value = s.Value + 1000 }, CancellationToken.None);
        return "written";
    }

    /// <summary>Reports progress, waits at a gate, reports again.</summary>
    [McpServerTool(Name = "report")]
    public async Task<string> Report(string gate, IProgress<ProgressNotificationValue> progress, CancellationToken cancellationToken)
    {
        progress.Report(new ProgressNotificationValue { Progress = 1 });
        await gates.WaitAsync(gate, cancellationToken);
        progress.Report(new ProgressNotificationValue { Progress = 2 });
        return "reported";
    }

    [McpServerTool(Name = "ask")]
    public static async Task<string> Ask(string question, McpServer server, CancellationToken cancellationToken)
    {
        var answer = await server.ElicitAsync(new ElicitRequestParams { Message = question, RequestedSchema = new() { Properties = { ["name"] = new ElicitRequestParams.StringSchema() } } }, cancellationToken);
        return answer.Content is { } content ? $"{answer.Action}: {content["name"]}" : answer.Action;
    }

    /// <summary>Asks and heeds no token.</summary>
    [McpServerTool(Name = "ask_stubbornly")]
    public async Task<string> AskStubbornly(string gate, McpServer server)
    {
        try
        {
            await server.ElicitAsync(new ElicitRequestParams { Message = "?", RequestedSchema = new() }, CancellationToken.None);
        }
        finally
        {
            gates.Open(gate);
        }

        return "asked";
    }

    [McpServerTool(Name = "log")]
    public static string LogLine(McpServer server)
    {
        var logger = server.AsClientLoggerProvider().CreateLogger("room");
#pragma warning disable CA1848, CA2254
        logger.LogDebug("debug line");
        logger.LogWarning("warning line");
#pragma warning restore CA1848, CA2254
        return "logged";
    }

    [McpServerTool(Name = "pause")]
    public async Task<string> Pause(string gate, RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        await request.PauseStreamAsync(TimeSpan.FromMilliseconds(20), cancellationToken);
        await gates.WaitAsync(gate, cancellationToken);
        return "resumed";
    }

    [McpServerTool(Name = "fail")]
    public static string Fail() => throw new InvalidOperationException("a detail that is nobody's business");
}
#pragma warning restore MCP9005

[McpServerResourceType]
public sealed class RoomResources
{
    [McpServerResource(UriTemplate = "room://{name}", Name = "room")]
    public static string Room(string name) => name;
}
