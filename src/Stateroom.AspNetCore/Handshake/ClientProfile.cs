using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using Stateroom.Sessions;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>What a client said of itself at <c>initialize</c>: kept with its session, so that any instance can serve it as if it had been there.</summary>
internal sealed record ClientProfile(string ProtocolVersion, Implementation? Info, ClientCapabilities? Capabilities)
{
    private const int FormatVersion = 1;

    /// <summary>The profile as it is stored: JSON with a format version, short names because there is one a session.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(
        new JsonObject
        {
            ["v"] = FormatVersion,
            ["p"] = ProtocolVersion,
            ["i"] = JsonSerializer.SerializeToNode(Info, McpJsonUtilities.DefaultOptions),
            ["c"] = JsonSerializer.SerializeToNode(Capabilities, McpJsonUtilities.DefaultOptions),
        },
        McpJsonUtilities.DefaultOptions);

    /// <summary>Reads a stored profile.</summary>
    /// <exception cref="SessionStoreUnavailableException">A newer version of the program stored it.</exception>
    public static ClientProfile Parse(ReadOnlyMemory<byte> stored)
    {
        using var document = JsonDocument.Parse(stored);
        var root = document.RootElement;
        var version = root.GetProperty("v").GetInt32();
        if (version > FormatVersion)
        {
            throw new SessionStoreUnavailableException($"The session's handshake data has format {version}; this version of the program reads up to {FormatVersion}. Finish the deployment of the newer one.");
        }

        return new ClientProfile(
            root.GetProperty("p").GetString()!,
            root.GetProperty("i").Deserialize<Implementation>(McpJsonUtilities.DefaultOptions),
            root.GetProperty("c").Deserialize<ClientCapabilities>(McpJsonUtilities.DefaultOptions));
    }
}
