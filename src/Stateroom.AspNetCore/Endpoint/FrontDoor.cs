using Microsoft.AspNetCore.Http;

namespace Stateroom.AspNetCore.Endpoint;

/// <summary>
/// Keeps web pages out that were not invited (MCP 2025-11-25, Transports, Security Warning: validate the Origin header, against DNS rebinding).
/// </summary>
internal sealed class FrontDoor
{
    private readonly HashSet<string> _origins;
    private readonly HashSet<string> _hosts;

    public FrontDoor(SessionEndpointOptions options)
    {
        _origins = options.AllowedOrigins.ToHashSet(StringComparer.OrdinalIgnoreCase);
        _hosts = options.AllowedHosts.ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Says what keeps a request out.</summary>
    /// <returns>The reason and its remedy; null if the request may come in.</returns>
    public string? FindObjection(HttpContext context)
    {
        var request = context.Request;
        if (request.Headers.Origin is { Count: > 0 } origins && !IsAllowedOrigin(origins.ToString()))
        {
            return "This Origin is not allowed. Add it to AllowedOrigins if the page at it may use this server.";
        }

        var reachedOnLoopback = context.Connection.LocalIpAddress is { } local && System.Net.IPAddress.IsLoopback(local);
        if (reachedOnLoopback && !IsLoopback(request.Host.Host) && !_hosts.Contains(request.Host.Host))
        {
            return "This Host is not allowed on a loopback address. Add it to AllowedHosts if a proxy on this machine serves it.";
        }

        return null;
    }

    private bool IsAllowedOrigin(string origin) =>
        _origins.Contains(origin) || (Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && IsLoopback(uri.Host));

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (System.Net.IPAddress.TryParse(host.Trim('[', ']'), out var address) && System.Net.IPAddress.IsLoopback(address));
}
