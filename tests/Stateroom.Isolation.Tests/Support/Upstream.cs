using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Stateroom.Isolation.Tests.Support;

/// <summary>A service that tools call: answers in Open-Meteo's format and keeps each request as it came over the wire.</summary>
internal sealed class Upstream : IAsyncDisposable
{
    private const string Places = """
        {"results":[{"id":1,"name":"Pune","latitude":18.5,"longitude":73.8,"country_code":"IN","timezone":"Asia/Kolkata","population":3124458,"country":"India","admin1":"Maharashtra"}]}
        """;

    private const string Forecast = """
        {"current_units":{"temperature_2m":"°C","relative_humidity_2m":"%","apparent_temperature":"°C","wind_speed_10m":"km/h","weather_code":"wmo code"},
         "current":{"time":"2026-08-01T09:15","temperature_2m":26.4,"relative_humidity_2m":83,"apparent_temperature":29.9,"wind_speed_10m":14.3,"weather_code":61}}
        """;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Task _serving;

    public Upstream()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public Uri Address => new($"http://{_listener.LocalEndpoint}/");

    public ConcurrentQueue<string> Requests { get; } = new();

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync();
                await AnswerAsync(client.GetStream());
            }
        }
        catch (SocketException)
        {
            // Stopped.
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        using var reader = new StreamReader(stream, leaveOpen: true);
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            head.AppendLine(line);
        }

        Requests.Enqueue(head.ToString());
        var body = Encoding.UTF8.GetBytes(head.ToString().Contains("/v1/search", StringComparison.Ordinal) ? Places : Forecast);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n"));
        await stream.WriteAsync(body);
    }
}
