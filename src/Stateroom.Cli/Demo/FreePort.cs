using System.Net;
using System.Net.Sockets;

namespace Stateroom.Cli.Demo;

/// <summary>Finds ports of the loopback for processes that come back to theirs: below those that systems give to outgoing connections.</summary>
internal static class FreePort
{
    private const int First = 20_000;
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
                // Somebody has it.
            }
        }
    }
}
