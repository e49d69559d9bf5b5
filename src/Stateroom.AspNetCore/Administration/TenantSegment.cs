using System.Buffers;
using System.Buffers.Text;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;
using Stateroom.Administration;
using Stateroom.Tenancy;

namespace Stateroom.AspNetCore.Administration;

/// <summary>
/// Names a tenant in a path. A name of letters, digits, <c>-</c>, <c>_</c> and <c>.</c> stands for itself. Any other is written as <c>~</c> and the base64url of its
/// UTF-8, since a slash or a dot in a path does not arrive everywhere as it was sent. A single <c>~</c> stands for anonymous callers.
/// </summary>
internal static class TenantSegment
{
    private const string Mark = "~";

    // Begins no UTF-8: what follows is a name that is not well-formed, as it is.
    private const byte Utf16Mark = 0xFF;

    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    public static string Of(TenantRooms tenant)
    {
        var name = tenant.Tenant.Value;
        return tenant.IsAnonymous ? Mark
            : name.Trim('.').Length > 0 && !name.AsSpan().ContainsAnyExcept(Plain) ? name
            : Mark + Base64Url.EncodeToString(Encode(name));
    }

    /// <summary>Reads a segment; null if it names no tenant.</summary>
    public static TenantRooms? Parse(string? segment)
    {
        if (segment == Mark)
        {
            return TenantRooms.Anonymous;
        }

        var name = segment is ['~', ..] ? Decode(segment[1..]) : segment;

        // A percent sign is left where a slash was sent; the name with a percent sign would be another one.
        return name is { Length: > 0 and <= TenantId.MaxLength } && (segment![0] == '~' || !name.Contains('%', StringComparison.Ordinal))
            ? new TenantRooms(new TenantId(name))
            : null;
    }

    private static byte[] Encode(string name)
    {
        var utf8 = new byte[Encoding.UTF8.GetMaxByteCount(name.Length)];
        return Utf8.FromUtf16(name, utf8, out _, out var written, replaceInvalidSequences: false) == OperationStatus.Done
            ? utf8[..written]
            : [Utf16Mark, .. MemoryMarshal.AsBytes(name.AsSpan())];
    }

    private static string? Decode(string text)
    {
        // As long as the longest name in UTF-16 and its mark, or in UTF-8.
        if (text.Length > 2 * TenantId.MaxLength * 2 || !Base64Url.IsValid(text))
        {
            return null;
        }

        return Base64Url.DecodeFromChars(text) switch
        {
            [Utf16Mark, .. var utf16] => utf16.Length % sizeof(char) == 0 ? new string(MemoryMarshal.Cast<byte, char>(utf16)) : null,
            var utf8 => Utf8.IsValid(utf8) ? Encoding.UTF8.GetString(utf8) : null,
        };
    }
}
