using System.Text.RegularExpressions;

namespace Stateroom.TestProcesses.Processes;

/// <summary>A server in a process of its own, on a free loopback port.</summary>
public sealed partial class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private ServerProcess(ChildProcess process, Uri address)
    {
        Process = process;
        Address = address;
        Endpoint = new Uri(address, "/mcp");
    }

    public ChildProcess Process { get; }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>The MCP endpoint.</summary>
    public Uri Endpoint { get; }

    public string Output => Process.Output;

    /// <summary>Starts a built program on a free port and waits until it listens.</summary>
    public static Task<ServerProcess> StartAsync(string program, params string[] arguments) => StartAsync(program, port: 0, arguments, environment: null);

    /// <summary>Starts a built program and waits until it listens.</summary>
    /// <param name="program">The program.</param>
    /// <param name="port">Its port on the loopback; 0 for a free one.</param>
    /// <param name="arguments">More arguments.</param>
    /// <param name="environment">What it finds in its environment besides what every server of the tests does.</param>
    public static async Task<ServerProcess> StartAsync(string program, int port, string[] arguments, IReadOnlyDictionary<string, string>? environment)
    {
        var listening = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var variables = new Dictionary<string, string>(environment ?? new Dictionary<string, string>())
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["DOTNET_ENVIRONMENT"] = "Development",
        };
        var process = ChildProcess.Start(
            "dotnet",
            [program, "--urls", $"http://127.0.0.1:{port}", .. arguments],
            Path.GetDirectoryName(program)!,
            variables,
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
            await Process.StopAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            await Process.KillAsync();
        }

        await Process.DisposeAsync();
    }

    [GeneratedRegex("Now listening on: (http://[0-9.:]+)")]
    private static partial Regex ListeningLine();
}
