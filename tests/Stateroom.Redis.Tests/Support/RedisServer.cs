using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace Stateroom.Redis.Tests.Support;

/// <summary>A redis-server of the tests' own, on a free port of the loopback, with a directory of its own and nothing kept on disk.</summary>
public sealed class RedisServer : IAsyncLifetime
{
    /// <summary>The program: <c>redis-server</c>, or what STATEROOM_REDIS_SERVER names, such as <c>valkey-server</c>.</summary>
    private static readonly string Program = Environment.GetEnvironmentVariable("STATEROOM_REDIS_SERVER") is { Length: > 0 } program ? program : "redis-server";

    private const string Ready = "Ready to accept connections";
    private const int Attempts = 5;

    private readonly string _directory = Directory.CreateTempSubdirectory("stateroom-redis-").FullName;
    private readonly string[] _settings;
    private Process? _process;

    public RedisServer()
        : this([])
    {
    }

    /// <param name="settings">More arguments for redis-server.</param>
    internal RedisServer(params string[] settings) => _settings = settings;

    public int Port { get; private set; }

    public string Configuration => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    public async ValueTask InitializeAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            Port = FreePort();
            if (await TryStartAsync())
            {
                return;
            }

            Assert.True(attempt < Attempts, $"{Program} does not start. Is it installed?");
        }
    }

    /// <summary>Starts it again on its port, empty.</summary>
    public async Task RestartAsync() => Assert.True(await TryStartAsync(), $"{Program} does not start again.");

    /// <summary>Ends the process as a crash would.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Stops the process, which keeps its connections and answers nothing.</summary>
    public Task PauseAsync() => SignalAsync("-STOP");

    public Task ContinueAsync() => SignalAsync("-CONT");

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process?.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>A port that was free a moment ago. Another process may take it first; then the caller tries again.</summary>
    internal static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<bool> TryStartAsync()
    {
        var start = new ProcessStartInfo(Program) { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
        [
            "--port", Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", _directory, "--save", "", "--appendonly", "no",
            "--repl-diskless-sync-delay", "0", .. _settings,
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var ready = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        _process?.Dispose();
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) =>
        {
            if (line.Data?.Contains(Ready, StringComparison.Ordinal) == true)
            {
                ready.TrySetResult(true);
            }
        };
        _process.Exited += (_, _) => ready.TrySetResult(false);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        return await ready.Task.WaitAsync(TestContext.Current.CancellationToken);
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [signal, _process!.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, kill.ExitCode);
    }
}
