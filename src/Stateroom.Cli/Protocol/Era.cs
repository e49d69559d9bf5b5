namespace Stateroom.Cli.Protocol;

/// <summary>How a client names its session.</summary>
internal enum Era
{
    /// <summary>Revisions 2024-11-05 to 2025-11-25: by the header <c>Mcp-Session-Id</c>.</summary>
    Handshake,

    /// <summary>Revision 2026-07-28: by a handle among the arguments of a tool.</summary>
    Stateless,
}
