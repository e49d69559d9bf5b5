using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Stateroom.Limits;

namespace Stateroom.Benchmarks;

/// <summary>A Redis server of the benchmarks' own, on a free port of the loopback and without a file.</summary>
internal sealed class RedisServer : IDisposable
{
    private readonly Process _process;
    private readonly int _port;

    private RedisServer(Process process, int port)
    {
        _process = process;
        _port = port;
    }

    public string Address => $"127.0.0.1:{_port}";

    /// <summary>What an instance has that keeps its sessions here, without limits that a benchmark would only meet.</summary>
    public ServiceProvider CreateServices()
    {
        var services = new ServiceCollection().AddLogging();
        services.AddStateroom(options =>
        {
            options.MaxSessionsPerOwner = options.MaxSessionsPerTenant = int.MaxValue;
            options.MaxStateBytes = 1024 * 1024;
        });
        services.Configure<LimitOptions>(limits => limits.RequestRatePerOwner = limits.RequestRatePerTenant = 1_000_000);
        services.AddStateroomRedis(options => options.Configuration = Address);
        return services.BuildServiceProvider();
    }

    /// <summary>Starts one; <c>redis-server</c> has to be installed.</summary>
    public static async Task<RedisServer> StartAsync()
    {
        var port = FreePort();
        var start = new ProcessStartInfo("redis-server", ["--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
        {
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start) ?? throw new InvalidOperationException("redis-server did not start.");
        while (await process.StandardOutput.ReadLineAsync() is { } line && !line.Contains("Ready to accept connections", StringComparison.Ordinal))
        {
        }

        _ = process.StandardOutput.ReadToEndAsync();
        return new(process, port);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
