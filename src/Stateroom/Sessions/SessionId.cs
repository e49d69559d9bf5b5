using System.Buffers.Text;
using System.Security.Cryptography;

namespace Stateroom.Sessions;

/// <summary>Makes and checks the ids of sessions.</summary>
/// <remarks>
/// MCP 2025-11-25, Transports, Session Management: globally unique, cryptographically secure, visible ASCII (0x21 to 0x7E).
/// MCP 2026-07-28 asks for at least 128 bits where nobody is authenticated. These have 192.
/// </remarks>
public static class SessionId
{
    private const int Bytes = 24;

    /// <summary>How many characters an id has.</summary>
    public const int Length = 32;

    /// <summary>Draws a new id from the system's secure random numbers.</summary>
    /// <returns>An id of <see cref="Length"/> characters of the base64url alphabet.</returns>
    public static string New()
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        RandomNumberGenerator.Fill(bytes);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>Whether a text has the form of an id. What has not needs no look-up: it never was one.</summary>
    /// <param name="text">What a client sent.</param>
    public static bool IsWellFormed(string? text)
    {
        if (text is not { Length: Length })
        {
            return false;
        }

        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_'))
            {
                return false;
            }
        }

        return true;
    }
}
