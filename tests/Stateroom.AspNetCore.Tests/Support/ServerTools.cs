using System.Runtime.CompilerServices;
using ModelContextProtocol;
using ModelContextProtocol.Server;
using Stateroom.State;

namespace Stateroom.AspNetCore.Tests.Support;

/// <summary>Tools that tell which server object of the SDK serves them, and what is left on it.</summary>
internal sealed class ServerTools(Gates gates)
{
    private static readonly ConditionalWeakTable<McpServerOptions, string> _names = new();
    private static readonly AsyncLocal<string?> _mark = new();
    private static int _count;

    /// <summary>The options are each server's own, so they tell which one serves.</summary>
    public static string NameOf(McpServer server) => _names.GetValue(server.ServerOptions, _ => $"server {Interlocked.Increment(ref _count)}");

    [McpServerTool(Name = "server")]
    public static string Server(McpServer server) => NameOf(server);

    [McpServerTool(Name = "server_at_gate")]
    public async Task<string> ServerAtGate(string gate, McpServer server, IProgress<ProgressNotificationValue> progress, CancellationToken cancellationToken)
    {
        progress.Report(new() { Progress = 1 });
        try
        {
            await gates.WaitAsync(gate, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            _ = gates.WaitAsync($"{gate} was cancelled", CancellationToken.None);
            throw;
        }

        return NameOf(server);
    }

    /// <summary>Leaves a mark in the asynchronous flow and says what was there.</summary>
    [McpServerTool(Name = "mark")]
    public static string Mark(string value, ISessionAccessor session)
    {
        var before = _mark.Value;
        _mark.Value = value;
        return before ?? (session.Current is null ? "no session" : "");
    }
}
