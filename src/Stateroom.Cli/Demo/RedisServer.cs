using System.Net.Sockets;

namespace Stateroom.Cli.Demo;

/// <summary>A Redis of the demo's own, which keeps nothing on disk and goes with it.</summary>
internal sealed class RedisServer : IDisposable
{
    private static readonly string[] _programs = ["redis-server", "valkey-server"];

    private readonly Child _process;
    private readonly DirectoryInfo _folder;

    private RedisServer(Child process, DirectoryInfo folder, int port)
    {
        _process = process;
        _folder = folder;
        Address = $"127.0.0.1:{port}";
    }

    public string Address { get; }

    /// <summary>Starts it and waits until it listens.</summary>
    /// <exception cref="UsageException">There is none on this machine, or it does not start.</exception>
    public static async Task<RedisServer> StartAsync(CancellationToken cancellationToken)
    {
        var program = _programs.FirstOrDefault(IsInstalled) ?? throw new UsageException(
            """
            The demo needs Redis 7.0 or later (or Valkey), and there is no redis-server on the path.
              Debian, Ubuntu:  sudo apt-get install redis-server
              Fedora:          sudo dnf install valkey
              macOS:           brew install redis
              Docker:          docker run --rm -p 6379:6379 redis:7, and then: stateroom demo --redis localhost:6379
            """);
        var port = FreePort.Next();
        var folder = Directory.CreateTempSubdirectory("stateroom-demo-");
        var process = new Child(program, ["--port", $"{port}", "--bind", "127.0.0.1", "--dir", folder.FullName, "--save", "", "--appendonly", "no"]);
        var redis = new RedisServer(process, folder, port);
        try
        {
            await ListensAsync(port, process, cancellationToken);
            return redis;
        }
        catch
        {
            redis.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static bool IsInstalled(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, program)) || File.Exists(Path.Combine(folder, $"{program}.exe")));

    private static async Task ListensAsync(int port, Child process, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", port, cancellationToken);
                return;
            }
            catch (SocketException) when (!process.HasExited)
            {
                await Task.Delay(20, cancellationToken);
            }
            catch (SocketException)
            {
                throw new UsageException($"Redis does not start:\n{process.Output}");
            }
        }
    }
}
