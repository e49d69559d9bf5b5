using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Stateroom.TestProcesses.Processes;

/// <summary>A TCP proxy on a free loopback port, for connections that break.</summary>
public sealed class TcpProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Connection, Task> _connections = new();
    private readonly Uri _target;
    private readonly Task _accepting;
    private int _cutting;
    private volatile bool _refusing;
    private volatile Loss? _loss;
    private TimeSpan _delay;

    public TcpProxy(Uri target)
    {
        _target = target;
        _listener.Start();
        Endpoint = new UriBuilder(target) { Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.Uri;
        _accepting = AcceptAsync();
    }

    /// <summary>The target's address, through this proxy.</summary>
    public Uri Endpoint { get; }

    /// <summary>Breaks every connection there is; new ones work.</summary>
    public void Cut()
    {
        foreach (var connection in _connections.Keys)
        {
            connection.Break();
        }
    }

    /// <summary>How long bytes are held back on their way, in each direction.</summary>
    public TimeSpan Delay
    {
        get => _delay;
        set => _delay = value;
    }

    /// <summary>Breaks every connection there is, and each new one at once until <see cref="Restore"/>.</summary>
    public void Interrupt()
    {
        _refusing = true;
        Cut();
    }

    /// <summary>Lets connections through again.</summary>
    public void Restore() => _refusing = false;

    /// <summary>
    /// Breaks the connection that carries the next request, within the status line of its answer: what has begun to arrive is not asked for again.
    /// The end of an answer before it may still be on its way and passes.
    /// </summary>
    public void CutNextAnswer() => Interlocked.Exchange(ref _cutting, 1);

    /// <summary>Hands a request with this text on and from then on nothing that comes back on its connection, until that is cut: the target has acted, and nobody hears of it.</summary>
    /// <returns>Is done when something came back.</returns>
    public Task LoseAnswerTo(string text)
    {
        var loss = new Loss(Encoding.UTF8.GetBytes(text));
        _loss = loss;
        return loss.Answered.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        Cut();
        await Task.WhenAll(_connections.Values);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var connection = new Connection(await _listener.AcceptTcpClientAsync(_stopping.Token));
                _connections[connection] = ServeAsync(connection);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The proxy was stopped.
        }
    }

    private async Task ServeAsync(Connection connection)
    {
        await Task.Yield();
        if (_refusing)
        {
            connection.Break();
            _connections.TryRemove(connection, out _);
            return;
        }

        try
        {
            await connection.Server.ConnectAsync(_target.Host, _target.Port, _stopping.Token);
            var client = connection.Client.GetStream();
            var server = connection.Server.GetStream();
            await Task.WhenAny(CarryRequestsAsync(connection, client, server), CarryAnswersAsync(connection, server, client));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // Whoever connected sees a broken connection.
        }

        connection.Break();
        _connections.TryRemove(connection, out _);
    }

    private Task CarryRequestsAsync(Connection connection, NetworkStream client, NetworkStream server) => PumpAsync(client, async bytes =>
    {
        connection.IsDoomed |= Interlocked.Exchange(ref _cutting, 0) == 1;
        if (_loss is { } loss && bytes.Span.IndexOf(loss.Request) >= 0 && Interlocked.CompareExchange(ref _loss, null, loss) == loss)
        {
            connection.Loss = loss;
        }

        await server.WriteAsync(bytes);
        return true;
    });

    private Task CarryAnswersAsync(Connection connection, NetworkStream server, NetworkStream client) => PumpAsync(server, async bytes =>
    {
        if (connection.Loss is { } loss)
        {
            loss.Answered.TrySetResult();
            return true;
        }

        await client.WriteAsync(connection.IsDoomed ? bytes[..Math.Min(8, bytes.Length)] : bytes);
        return !connection.IsDoomed;
    });

    /// <summary>Hands on what comes until nothing more does or nothing more is wanted.</summary>
    private async Task PumpAsync(NetworkStream from, Func<ReadOnlyMemory<byte>, Task<bool>> handOn)
    {
        try
        {
            var buffer = new byte[16 * 1024];
            while (await from.ReadAsync(buffer) is > 0 and var count)
            {
                if (_delay > TimeSpan.Zero)
                {
                    await Task.Delay(_delay, _stopping.Token);
                }

                if (!await handOn(buffer.AsMemory(0, count)))
                {
                    return;
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // One of the sides is gone.
        }
    }

    private sealed class Connection(TcpClient client)
    {
        public TcpClient Client { get; } = client;

        public TcpClient Server { get; } = new();

        /// <summary>Whether the next answer is cut.</summary>
        public volatile bool IsDoomed;

        /// <summary>Set when nothing that comes back is handed on any more.</summary>
        public volatile Loss? Loss;

        public void Break()
        {
            Client.Dispose();
            Server.Dispose();
        }
    }

    /// <param name="Request">By which the request is known.</param>
    private sealed record Loss(byte[] Request)
    {
        public TaskCompletionSource Answered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
