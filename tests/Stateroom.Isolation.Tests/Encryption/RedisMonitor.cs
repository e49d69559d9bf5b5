using System.Net.Sockets;
using System.Text;

namespace Stateroom.Isolation.Tests.Encryption;

/// <summary>Hears every command that a Redis carries out: what is stored for a moment only, and what is published, too.</summary>
internal sealed class RedisMonitor : IAsyncDisposable
{
    private readonly TcpClient _client;
    private readonly StringBuilder _heard = new();
    private readonly Task _listening;

    private RedisMonitor(TcpClient client, StreamReader reader)
    {
        _client = client;
        _listening = ListenAsync(reader);
    }

    /// <summary>What it has heard so far, as Redis prints it.</summary>
    public string Heard
    {
        get
        {
            lock (_heard)
            {
                return _heard.ToString();
            }
        }
    }

    public static async Task<RedisMonitor> StartAsync(int port, CancellationToken cancellationToken)
    {
        var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, cancellationToken);
        var stream = client.GetStream();
        await stream.WriteAsync("MONITOR\r\n"u8.ToArray(), cancellationToken);
        var reader = new StreamReader(stream, Encoding.Latin1);
        Assert.Equal("+OK", await reader.ReadLineAsync(cancellationToken));
        return new RedisMonitor(client, reader);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _listening;
    }

    private async Task ListenAsync(StreamReader reader)
    {
        try
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                lock (_heard)
                {
                    _heard.AppendLine(line);
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Stopped.
        }
    }
}
