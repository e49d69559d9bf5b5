namespace Stateroom.Isolation.Tests.Support;

/// <summary>The metrics of an instance.</summary>
internal static class Metrics
{
    private static readonly HttpClient _http = new();

    /// <summary>Reads them; empty where the instance serves none.</summary>
    public static async Task<string> ReadAsync(Instance instance, CancellationToken cancellationToken)
    {
        using var response = await _http.GetAsync(new Uri(instance.Endpoint, "/metrics"), cancellationToken);
        return response.IsSuccessStatusCode ? await response.Content.ReadAsStringAsync(cancellationToken) : "";
    }
}
