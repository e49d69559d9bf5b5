using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Stateroom.AspNetCore.Auditing;

namespace Stateroom.AspNetCore.Endpoint;

/// <summary>
/// Keeps web pages out that were not invited (MCP 2025-11-25, Transports, Security Warning: validate the Origin header, against DNS rebinding).
/// A request is looked at once: whoever asks after it was let in, the middleware or the endpoint, is told so.
/// </summary>
internal sealed class FrontDoor
{
    private readonly HashSet<string> _origins;
    private readonly IList<StringSegment> _hosts;

    // Most requests name the host that the last one named.
    private volatile string? _lastLoopback;

    public FrontDoor(IOptions<SessionEndpointOptions> options)
    {
        _origins = options.Value.AllowedOrigins.ToHashSet(StringComparer.OrdinalIgnoreCase);
        _hosts = [.. options.Value.AllowedHosts.Select(h => new StringSegment(h))];
    }

    /// <summary>Says what keeps a request out, and has that audited.</summary>
    /// <returns>The reason and its remedy; null if the request may come in.</returns>
    public string? FindObjection(HttpContext context)
    {
        if (context.Features.Get<LetIn>() is not null)
        {
            return null;
        }

        var objection = LookAt(context);
        if (objection is null)
        {
            context.Features.Set(LetIn.Mark);
        }
        else
        {
            AuditedRefusal.Note(context, RefusalKind.FrontDoor, objection);
        }

        return objection;
    }

    private string? LookAt(HttpContext context)
    {
        var request = context.Request;
        if (request.Headers.Origin is { Count: > 0 } origins && !IsAllowedOrigin(origins.ToString()) && !IsOwnPage(origins.ToString(), request.Host))
        {
            return "This Origin is not allowed. Add it to AllowedOrigins if the page at it may use this server.";
        }

        if (NamesLoopback(request.Host) || (request.Host.HasValue && HostString.MatchesAny(request.Host.Host, _hosts)))
        {
            return null;
        }

        var local = context.Connection.LocalIpAddress;
        if (local is not null && IPAddress.TryParse(request.Host.Host.Trim('[', ']'), out var named) && named.Equals(local.IsIPv4MappedToIPv6 ? local.MapToIPv4() : local))
        {
            // By its own address come health checks and scrapes. Only a name can be pointed elsewhere, and only that is what this is about.
            return null;
        }

        var reachedOnLoopback = local is not null && IPAddress.IsLoopback(local);
        return reachedOnLoopback ? "This Host is not allowed on a loopback address. Add it to AllowedHosts if a proxy on this machine serves it."
            : _hosts.Count > 0 ? "This Host is not allowed. Add it to AllowedHosts if this server is known by that name."
            : null;
    }

    private bool IsAllowedOrigin(string origin) =>
        _origins.Contains(origin) || (Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && IsLoopback(uri.Host));

    /// <summary>Whether a page came from this server itself, under a name that was named as its own: one that somebody else pointed at it is not.</summary>
    private bool IsOwnPage(string origin, HostString host) =>
        host.HasValue && HostString.MatchesAny(host.Host, _hosts)
        && Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.Authority.Equals(host.Value, StringComparison.OrdinalIgnoreCase);

    private bool NamesLoopback(HostString host)
    {
        if (host.Value is { } sent && sent == _lastLoopback)
        {
            return true;
        }

        var isLoopback = IsLoopback(host.Host);
        if (isLoopback)
        {
            _lastLoopback = host.Value;
        }

        return isLoopback;
    }

    private static bool IsLoopback(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    /// <summary>Marks a request that was let in.</summary>
    private sealed class LetIn
    {
        public static readonly LetIn Mark = new();
    }
}
