using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Stateroom.AspNetCore.Authentication;

/// <summary>Turns keys, and hashes as they are written in settings, into the bytes that are compared.</summary>
internal static class ApiKeyHash
{
    private const string Prefix = "sha256:";
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/");

    /// <summary>How long a key is that is hashed without taking memory from the heap, in UTF-8; few are longer.</summary>
    private const int ShortKey = 256;

    public static byte[] OfKey(ReadOnlySpan<char> key)
    {
        var hash = new byte[SHA256.HashSizeInBytes];
        OfKey(key, hash);
        return hash;
    }

    /// <summary>Hashes a key into a place of 32 bytes.</summary>
    public static void OfKey(ReadOnlySpan<char> key, Span<byte> hash)
    {
        Span<byte> room = stackalloc byte[ShortKey];
        if (!Encoding.UTF8.TryGetBytes(key, room, out var length))
        {
            room = Encoding.UTF8.GetBytes(key.ToArray());
            length = room.Length;
        }

        SHA256.HashData(room[..length], hash);
    }

    /// <summary>Reads a hash as it is written in settings; null if it is malformed.</summary>
    public static byte[]? Parse(string text)
    {
        var digits = text.AsSpan();
        if (digits.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            digits = digits[Prefix.Length..];
        }

        var hash = new byte[SHA256.HashSizeInBytes];
        return digits.Length == 2 * hash.Length && Convert.FromHexString(digits, hash, out _, out _) == OperationStatus.Done ? hash : null;
    }

    /// <summary>Whether a text can be sent as a bearer token: RFC 6750 section 2.1, <c>b64token</c>.</summary>
    public static bool IsToken(string text)
    {
        var body = text.AsSpan().TrimEnd('=');
        return !body.IsEmpty && !body.ContainsAnyExcept(TokenCharacters);
    }
}
