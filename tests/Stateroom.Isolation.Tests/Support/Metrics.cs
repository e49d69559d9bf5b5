namespace Stateroom.Isolation.Tests.Support;

/// <summary>The metrics of an instance.</summary>
internal static class Metrics
{
    private static readonly HttpClient _http = new();

    /// <summary>Reads them.</summary>
    public static async Task<string> ReadAsync(Instance instance, CancellationToken cancellationToken)
    {
        var text = await _http.GetStringAsync(new Uri(instance.Endpoint, "/metrics"), cancellationToken);
        Assert.Contains("stateroom_requests_total", text, StringComparison.Ordinal);
        return text;
    }
}
