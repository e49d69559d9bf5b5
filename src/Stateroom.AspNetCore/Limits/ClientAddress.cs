using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Stateroom.AspNetCore.Limits;

/// <summary>What tells callers without a credential apart, for limits alone.</summary>
internal static class ClientAddress
{
    private const int NetworkBytes = 8;

    /// <summary>
    /// The address that a request comes from; of an IPv6 address the first 64 bits, since a client is usually given all addresses behind them (RFC 6177).
    /// Behind a proxy it is the proxy's, unless the host makes use of what that one forwards. Null where there is none.
    /// </summary>
    public static string? Of(HttpContext context) => context.Connection.RemoteIpAddress switch
    {
        null => null,
        { IsIPv4MappedToIPv6: true } mapped => mapped.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } v6 => new IPAddress([.. v6.GetAddressBytes().AsSpan(0, NetworkBytes), .. new byte[NetworkBytes]]).ToString(),
        var v4 => v4.ToString(),
    };
}
