using ModelContextProtocol.Server;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>A kind of client, as it described itself at <c>initialize</c>, and what is kept for clients of this kind.</summary>
/// <param name="Profile">What it said.</param>
/// <param name="Options">The options of a server for it.</param>
/// <param name="Servers">Servers that are up.</param>
/// <param name="Raise">Raises one that serves a single request.</param>
internal sealed record KnownClient(ClientProfile Profile, McpServerOptions Options, WarmServers Servers, Func<RaisedServer> Raise);
