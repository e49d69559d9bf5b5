using System.Security.Cryptography;
using System.Text;

namespace Stateroom.Sessions;

/// <summary>What administration calls a session by: unique, and useless to enter it. It begins with the <see cref="SessionFingerprint"/> that logs show.</summary>
public static class SessionReference
{
    /// <summary>How many characters a reference has.</summary>
    public const int Length = 32;

    /// <summary>How many characters of it name a session at the least: as many as a fingerprint has.</summary>
    public const int MinLength = 12;

    /// <summary>Gives the first 32 hexadecimal digits of the id's SHA-256.</summary>
    /// <param name="id">A session's id or handle.</param>
    public static string Of(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(id), hash);
        return Convert.ToHexStringLower(hash[..(Length / 2)]);
    }

    /// <summary>Whether a text can be a reference or its beginning: 12 to 32 hexadecimal digits, in lower case.</summary>
    /// <param name="text">What an administrator sent.</param>
    public static bool IsWellFormed(string? text) => text is { Length: >= MinLength and <= Length } && text.All(char.IsAsciiHexDigitLower);
}
