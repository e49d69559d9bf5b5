using System.Text.RegularExpressions;

namespace Stateroom.EndToEnd.Tests.Processes;

/// <summary>A server in a process of its own, on a free loopback port.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ChildProcess _process;

    private ServerProcess(ChildProcess process, Uri address)
    {
        _process = process;
        Endpoint = new Uri(address, "/mcp");
    }

    /// <summary>The MCP endpoint.</summary>
    public Uri Endpoint { get; }

    public string Output => _process.Output;

    /// <summary>Starts a built program and waits until it listens.</summary>
    public static async Task<ServerProcess> StartAsync(string program, params string[] arguments)
    {
        var listening = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var environment = new Dictionary<string, string> { ["ASPNETCORE_ENVIRONMENT"] = "Development", ["DOTNET_ENVIRONMENT"] = "Development" };
        var process = ChildProcess.Start(
            "dotnet",
            [program, "--urls", "http://127.0.0.1:0", .. arguments],
            Path.GetDirectoryName(program)!,
            environment,
            line =>
            {
                if (ListeningLine().Match(line) is { Success: true } match)
                {
                    listening.TrySetResult(new Uri(match.Groups[1].Value));
                }
            });

        var ended = process.WaitAsync(CancellationToken.None);
        var first = await Task.WhenAny(listening.Task, ended, Task.Delay(Patience));
        if (first == listening.Task)
        {
            return new ServerProcess(process, await listening.Task);
        }

        await process.DisposeAsync();
        throw new InvalidOperationException($"{program} {(first == ended ? "ended" : "did not listen")}:\n{process.Output}");
    }

    /// <summary>Stops the server with SIGTERM, and with SIGKILL where it does not listen to that.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await _process.StopAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            await _process.KillAsync();
        }

        await _process.DisposeAsync();
    }

    [GeneratedRegex("Now listening on: (http://[0-9.:]+)")]
    private static partial Regex ListeningLine();
}
