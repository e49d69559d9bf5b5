namespace Stateroom.AspNetCore.Handshake;

/// <summary>A kind of client, as it described itself at <c>initialize</c>, and the servers that are kept warm for clients of this kind.</summary>
internal sealed record KnownClient(ClientProfile Profile, WarmServers Servers);
