namespace Stateroom.Server.Hosting;

/// <summary>
/// <c>Stateroom.Server probe</c>: asks the server beside it, with the same settings, whether it is ready, and says so by its exit code. For containers, which have
/// neither a shell nor curl.
/// </summary>
internal static class HealthProbe
{
    private const string Command = "probe";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    public static bool IsAskedFor(string[] args) => args is [Command, ..];

    /// <returns>0 if the server is ready, 1 if it is not or does not answer.</returns>
    public static async Task<int> RunAsync(IConfiguration configuration)
    {
        if (ListenAddresses.Of(configuration).FirstOrDefault(a => !a.IsHttps) is not { } address)
        {
            await Console.Error.WriteLineAsync("The server has no address without TLS to ask at. Let the orchestrator ask for /health/ready.");
            return 1;
        }

        // It is right here: no proxy of the environment's is asked for it.
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = Patience };
        try
        {
            using var response = await http.GetAsync(ReadinessOf(address));
            Console.WriteLine(await response.Content.ReadAsStringAsync());
            return response.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }

    /// <summary>Where a server that listens on an address can be reached from beside it.</summary>
    internal static Uri ReadinessOf(ListenAddresses address)
    {
        var binding = BindingAddress.Parse(address.Text);
        var host = binding.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "localhost" : binding.Host;
        return new UriBuilder("http", host, binding.Port, $"{binding.PathBase}/health/ready").Uri;
    }
}
