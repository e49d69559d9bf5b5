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

    public static byte[] OfKey(ReadOnlySpan<char> key)
    {
        var utf8 = new byte[Encoding.UTF8.GetByteCount(key)];
        Encoding.UTF8.GetBytes(key, utf8);
        return SHA256.HashData(utf8);
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
