using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Stateroom.Messaging;
using Stateroom.State;

namespace Stateroom.ScaleOut.Fixture;

/// <summary>What a session counts.</summary>
public sealed record Counter
{
    public int Value { get; init; }
}

/// <summary>What a session counts, with the keys of the calls that it counted last.</summary>
public sealed record Ledger
{
    private const int Remembered = 32;

    public int Value { get; init; }

    public ImmutableArray<string> Keys { get; init; } = [];

    public Ledger Add(string key, int n) => this with { Value = Value + n, Keys = [.. Keys.TakeLast(Remembered - 1), key] };
}

/// <summary>Tools that count, ask and tell. A question is what holds a call where the test wants it.</summary>
[McpServerToolType]
public sealed class ProbeTools
{
    private static readonly ConcurrentDictionary<string, TaskCompletionSource> _held = new();

    [McpServerTool(Name = "add"), Description("Adds to the session's counter")]
    public static async Task<string> AddAsync(ISessionState<Counter> state, CancellationToken cancellationToken, int n = 1) =>
        $"{(await state.UpdateAsync(s => s with { Value = s.Value + n }, cancellationToken)).Value}";

    /// <summary>Adds, unless it has done so for this key: key and sum are written together, so a call that is repeated because its answer was lost counts once.</summary>
    [McpServerTool(Name = "add_once"), Description("Adds to the session's counter, once for each key")]
    public static async Task<string> AddOnceAsync(string key, ISessionState<Ledger> state, CancellationToken cancellationToken, int n = 1) =>
        $"{(await state.UpdateAsync(s => s.Keys.Contains(key) ? s : s.Add(key, n), cancellationToken)).Value}";

    [McpServerTool(Name = "get"), Description("Reads the session's counter")]
    public static async Task<string> GetAsync(ISessionState<Counter> state, CancellationToken cancellationToken) =>
        $"{(await state.GetAsync(cancellationToken)).Value}";

    [McpServerTool(Name = "ask"), Description("Asks the user for a name")]
    public static async Task<string> AskAsync(McpServer server, CancellationToken cancellationToken)
    {
        var answer = await ElicitAsync(server, cancellationToken);
        return $"{answer.Action}: {answer.Content?["name"]}";
    }

    /// <summary>Asks and, whatever comes of it, writes: it heeds no token. What became of the write is in this server's output.</summary>
    [McpServerTool(Name = "stubborn"), Description("Asks, then writes come what may")]
    public static async Task<string> StubbornAsync(string label, McpServer server, ISessionState<Counter> state)
    {
        try
        {
            await ElicitAsync(server, CancellationToken.None);
        }
        catch (Exception e)
        {
            Console.WriteLine($"{label}: stopped ({e.GetType().Name})");
        }

        try
        {
            await state.UpdateAsync(s => s with { Value = s.Value + 1000 }, CancellationToken.None);
            Console.WriteLine($"{label}: written");
        }
        catch (Exception e)
        {
            Console.WriteLine($"{label}: refused ({e.GetType().Name})");
            throw;
        }

        return "written";
    }

    /// <summary>Waits to be released and then writes: it heeds no token. What became of the write is in this server's output.</summary>
    [McpServerTool(Name = "hold"), Description("Waits until it is released at this instance, then writes come what may")]
    public static async Task<string> HoldAsync(string label, ISessionState<Counter> state)
    {
        await state.GetAsync(CancellationToken.None);
        Console.WriteLine($"{label}: held");
        await Held(label).Task;
        try
        {
            await state.UpdateAsync(s => s with { Value = s.Value + 1000 }, CancellationToken.None);
            Console.WriteLine($"{label}: written");
        }
        catch (Exception e)
        {
            Console.WriteLine($"{label}: refused ({e.GetType().Name})");
            throw;
        }

        return "written";
    }

    [McpServerTool(Name = "release"), Description("Lets a held call go on")]
    public static string Release(string label) => Held(label).TrySetResult() ? "released" : "released before";

    /// <summary>Asks and says in this server's output when it was stopped.</summary>
    [McpServerTool(Name = "ask_aloud"), Description("Asks, and tells its server what became of it")]
    public static async Task<string> AskAloudAsync(string label, McpServer server, CancellationToken cancellationToken)
    {
        try
        {
            return (await ElicitAsync(server, cancellationToken)).Action;
        }
        catch (Exception e)
        {
            Console.WriteLine($"{label}: stopped ({e.GetType().Name})");
            throw;
        }
    }

    /// <summary>Asks by ending, as the stateless era does.</summary>
    [McpServerTool(Name = "ask_by_ending"), Description("Asks the user for a name")]
    public static async Task<string> AskByEndingAsync(RequestContext<CallToolRequestParams> request, ISessionState<Counter> state, CancellationToken cancellationToken)
    {
        if (request.Params.InputResponses?.TryGetValue("name", out var answer) is true)
        {
            var count = await state.UpdateAsync(s => s with { Value = s.Value + 1 }, cancellationToken);
            return $"{answer.Deserialize(InputResponse.ElicitResultJsonTypeInfo)?.Content?["name"]} {count.Value}";
        }

        await state.UpdateAsync(s => s with { Value = s.Value + 10 }, cancellationToken);
        throw new InputRequiredException(new Dictionary<string, InputRequest> { ["name"] = InputRequest.ForElicitation(Question()) });
    }

    /// <summary>Takes its time and heeds no token.</summary>
    [McpServerTool(Name = "linger"), Description("Takes some seconds, then adds to the session's counter")]
    public static async Task<string> LingerAsync(int seconds, ISessionState<Counter> state)
    {
        await Task.Delay(TimeSpan.FromSeconds(seconds), CancellationToken.None);
        return $"{(await state.UpdateAsync(s => s with { Value = s.Value + 1 }, CancellationToken.None)).Value}";
    }

    /// <summary>What this process uses, once all that is no longer needed is collected.</summary>
    [McpServerTool(Name = "vitals"), Description("Tells what this instance uses"), SuppressMessage("Reliability", "S1215", Justification = "Only what is left after a collection tells of a leak.")]
    public static string Vitals()
    {
        for (var i = 0; i < 2; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        using var process = Process.GetCurrentProcess();
        return $"{GC.GetTotalMemory(forceFullCollection: true)} {Directory.GetFiles("/proc/self/fd").Length} {process.Threads.Count}";
    }

    [McpServerTool(Name = "text"), Description("Says something long")]
    public static string Text(int length) => new('x', length);

    [McpServerTool(Name = "resource_updated"), Description("Tells subscribers that a resource has changed")]
    public static async Task<string> ResourceUpdatedAsync(string uri, ISessionNotifier notifier, CancellationToken cancellationToken)
    {
        await notifier.ResourceUpdatedAsync(uri, cancellationToken: cancellationToken);
        return "told";
    }

    [McpServerTool(Name = "tools_changed"), Description("Tells listeners that the list of tools has changed")]
    public static async Task<string> ToolsChangedAsync(ISessionNotifier notifier, CancellationToken cancellationToken)
    {
        await notifier.ToolsChangedAsync(cancellationToken: cancellationToken);
        return "told";
    }

    private static TaskCompletionSource Held(string label) =>
        _held.GetOrAdd(label, _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));

    private static ValueTask<ElicitResult> ElicitAsync(McpServer server, CancellationToken cancellationToken) => server.ElicitAsync(Question(), cancellationToken);

    private static ElicitRequestParams Question() => new()
    {
        Message = "What is your name?",
        RequestedSchema = new() { Properties = { ["name"] = new ElicitRequestParams.StringSchema() } },
    };
}

/// <summary>Something to subscribe to.</summary>
[McpServerResourceType]
public sealed class ProbeResources
{
    [McpServerResource(UriTemplate = "probe://{name}", Name = "probe")]
    public static string Probe(string name) => name;
}
