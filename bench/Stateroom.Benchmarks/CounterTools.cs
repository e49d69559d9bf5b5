using System.ComponentModel;
using ModelContextProtocol.Server;
using Stateroom.State;

namespace Stateroom.Benchmarks;

/// <summary>What the benchmarks call: a tool that counts, one that reads, and one without a session.</summary>
internal sealed class CounterTools
{
    [McpServerTool(Name = "count"), Description("Counts this session's calls.")]
    public static async Task<string> Count(string city, ISessionState<Counter> state, CancellationToken cancellationToken)
    {
        var counter = await state.UpdateAsync(c => c with { Calls = c.Calls + 1 }, cancellationToken);
        return counter.Calls > 0 ? city : string.Empty;
    }

    [McpServerTool(Name = "read"), Description("Reads this session's count.")]
    public static async Task<string> Read(string city, ISessionState<Counter> state, CancellationToken cancellationToken) =>
        (await state.GetAsync(cancellationToken)).Calls >= 0 ? city : string.Empty;

    [McpServerTool(Name = "echo"), Description("Says what it was told.")]
    public static string Echo(string city) => city;
}

/// <summary>The state of a session.</summary>
public sealed record Counter
{
    /// <summary>How often the session was used.</summary>
    public int Calls { get; init; }
}
