namespace Stateroom.Server.Hosting;

/// <summary>What stands between this server and its callers, as the settings under <c>Stateroom</c> say.</summary>
internal sealed class FrontDoorOptions
{
    /// <summary>
    /// The addresses, or networks as <c>10.0.0.0/8</c>, of the proxies whose <c>X-Forwarded-For</c>, <c>-Proto</c> and <c>-Host</c> are believed. Default none: then
    /// nobody's are.
    /// </summary>
    public IList<string> Proxies { get; } = [];

    /// <summary>
    /// Whether the server may listen without TLS on an address that others can reach, since something that is no proxy of <see cref="Proxies"/> keeps the way safe.
    /// Default false.
    /// </summary>
    public bool AllowPlainHttp { get; set; }
}
