namespace Stateroom.TestProcesses.Processes;

/// <summary>A redis-server with a directory of its own and nothing kept on disk.</summary>
public sealed class RedisProcess : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("stateroom-redis-");
    private ChildProcess _process = null!;

    private RedisProcess()
    {
    }

    public int Port { get; } = LoopbackPort.Next();

    public Uri Address => new($"tcp://127.0.0.1:{Port}");

    /// <summary>The process that runs at the moment.</summary>
    public ChildProcess Process => _process;

    public static async Task<RedisProcess> StartAsync(CancellationToken cancellationToken)
    {
        var redis = new RedisProcess();
        await redis.RunAsync(cancellationToken);
        return redis;
    }

    /// <summary>Ends it as a crash would.</summary>
    public Task KillAsync() => _process.KillAsync();

    /// <summary>Starts it again on its port, empty.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        await _process.DisposeAsync();
        await RunAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        _process = ChildProcess.Start(
            "redis-server",
            ["--port", $"{Port}", "--bind", "127.0.0.1", "--dir", _folder.FullName, "--save", "", "--appendonly", "no"],
            _folder.FullName);
        await LoopbackPort.WaitAsync(Port, _process, cancellationToken);
    }
}
