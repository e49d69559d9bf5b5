namespace Stateroom.Sessions;

/// <summary>The era of the protocol in which a session was opened; a session never serves the other one.</summary>
public enum SessionEra
{
    /// <summary>Revisions 2024-11-05 to 2025-11-25: the <c>Mcp-Session-Id</c> header, minted at <c>initialize</c>, names the room.</summary>
    Handshake = 0,

    /// <summary>Revision 2026-07-28: a handle, given in a tool result and passed back as an argument, names the room.</summary>
    Stateless = 1,
}
