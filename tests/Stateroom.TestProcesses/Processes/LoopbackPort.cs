using System.Net;
using System.Net.Sockets;

namespace Stateroom.TestProcesses.Processes;

/// <summary>
/// Free ports of the loopback for processes that are told theirs, or that come back to it. They lie below those from which the system serves outgoing
/// connections (32768 on Linux), or such a connection could hold the port when its process starts again.
/// </summary>
public static class LoopbackPort
{
    private const int First = 15_000;
    private const int End = 32_000;

    public static int Next()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, End);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it; another one.
            }
        }
    }

    /// <summary>Waits until something listens there.</summary>
    public static async Task WaitAsync(int port, ChildProcess process, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
                return;
            }
            catch (SocketException) when (!process.HasExited)
            {
                await Task.Delay(20, cancellationToken);
            }
            catch (SocketException)
            {
                throw new InvalidOperationException($"The process ended:\n{process.Output}");
            }
        }
    }
}
