using System.Net;

namespace Stateroom.Server.Hosting;

/// <summary>Where the settings say that the server listens.</summary>
/// <param name="Text">The address as it is written.</param>
/// <param name="IsHttps">Whether it has TLS.</param>
/// <param name="IsLoopback">Whether only this machine can reach it.</param>
internal sealed record ListenAddresses(string Text, bool IsHttps, bool IsLoopback)
{
    /// <summary>Reads the addresses in the order in which the web server does. What is no address is left to it to say.</summary>
    public static IEnumerable<ListenAddresses> Of(IConfiguration configuration)
    {
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(e => e["Url"]).OfType<string>().ToList();
        var urls = Split(WebHostDefaults.ServerUrlsKey).ToList();
        var ports = Split(WebHostDefaults.HttpPortsKey).Select(p => $"http://*:{p}").Concat(Split(WebHostDefaults.HttpsPortsKey).Select(p => $"https://*:{p}"));
        return (endpoints.Count > 0 ? endpoints : urls.Count > 0 ? urls : ports).Select(Read).OfType<ListenAddresses>();

        IEnumerable<string> Split(string key) => (configuration[key] ?? string.Empty).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    }

    private static ListenAddresses? Read(string text)
    {
        try
        {
            var address = BindingAddress.Parse(text);
            var isLocal = address.IsUnixPipe || address.IsNamedPipe
                || address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
                || (IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip));
            return new(text, address.Scheme.Equals("https", StringComparison.OrdinalIgnoreCase), isLocal);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
