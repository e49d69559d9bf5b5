using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Stateroom.Isolation.Tests.Malformed;

/// <summary>Sends bytes over a connection of their own and reads what comes back.</summary>
internal static partial class RawExchange
{
    private const int MaxAnswer = 1 << 20;

    // How long an answer may take before the server is told that no more will come. The web server takes the end of what a client sends for the end of its
    // interest, so a request that is whole would get no answer if that were told at once.
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Sends the bytes and reads to the end, or to the head of an event stream, which has none.</summary>
    /// <returns>The statuses of the answers; none where the server closed the connection without one.</returns>
    public static async Task<(IReadOnlyList<int> Statuses, string Text)> SendAsync(int port, byte[] bytes, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
        var stream = client.GetStream();
        var answer = new StringBuilder();
        try
        {
            await stream.WriteAsync(bytes, cancellationToken);
            var buffer = new byte[16 * 1024];
            var told = false;
            while (answer.Length < MaxAnswer)
            {
                var reading = stream.ReadAsync(buffer, cancellationToken).AsTask();
                if (!told && await Task.WhenAny(reading, Task.Delay(_pause, cancellationToken)) != reading)
                {
                    client.Client.Shutdown(SocketShutdown.Send);
                    told = true;
                }

                var read = await reading;
                if (read == 0)
                {
                    break;
                }

                answer.Append(Encoding.Latin1.GetString(buffer, 0, read));
                if (EventStream().IsMatch(answer.ToString()))
                {
                    break;
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // A server that has seen enough resets the connection; what it said before counts.
        }

        var text = answer.ToString();
        return ([.. StatusLine().Matches(text).Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))], text);
    }

    [GeneratedRegex(@"(?:^|\n)HTTP/1\.[01] (\d{3})")]
    private static partial Regex StatusLine();

    [GeneratedRegex(@"\r\nContent-Type: text/event-stream\r\n(?s:.*)\r\n\r\n", RegexOptions.IgnoreCase)]
    private static partial Regex EventStream();
}
