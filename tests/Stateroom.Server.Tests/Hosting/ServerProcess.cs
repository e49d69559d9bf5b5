using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;

namespace Stateroom.Server.Tests.Hosting;

/// <summary>The program as somebody would start it, on a free port.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const string Listening = "Now listening on: ";
    private readonly Process _process;
    private readonly StringBuilder _errors = new();
    private readonly ConcurrentQueue<string> _output = new();
    private readonly TaskCompletionSource<Uri?> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(string environment, string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "Stateroom.Server.dll"), "--environment", environment, "--urls", "http://127.0.0.1:0" },
        };
        Array.ForEach(arguments, start.ArgumentList.Add);
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => _errors.AppendLine(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public string Errors => _errors.ToString();

    /// <summary>What it has printed besides errors: its log.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>Starts it and waits until it listens.</summary>
    public static async Task<(ServerProcess Server, HttpClient Client)> StartAsync(string environment, params string[] arguments)
    {
        var server = new ServerProcess(environment, arguments);
        var address = await server._address.Task.WaitAsync(TestContext.Current.CancellationToken);
        return address is not null
            ? (server, new HttpClient { BaseAddress = address })
            : throw new InvalidOperationException($"The server did not start: {server.Errors}");
    }

    /// <summary>Starts it and waits until it has given up.</summary>
    public static async Task<(int ExitCode, string Errors)> FailAsync(string environment, params string[] arguments)
    {
        var (code, errors, _) = await FailAloudAsync(environment, arguments);
        return (code, errors);
    }

    /// <summary>Starts it and waits until it has given up; also gives what it logged.</summary>
    public static async Task<(int ExitCode, string Errors, string Output)> FailAloudAsync(string environment, params string[] arguments)
    {
        await using var server = new ServerProcess(environment, arguments);
        await server._process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (server._process.ExitCode, server.Errors, server.Output);
    }

    /// <summary>Asks it to end, so that its log is complete.</summary>
    public async Task StopAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private void Read(string? line)
    {
        if (line is null)
        {
            _address.TrySetResult(null);
            return;
        }

        _output.Enqueue(line);
        if (line.IndexOf(Listening, StringComparison.Ordinal) is >= 0 and var at)
        {
            // A line of text, or JSON with the address in it more than once.
            _address.TrySetResult(new Uri(line[(at + Listening.Length)..].Split('"')[0].Trim()));
        }
    }
}
