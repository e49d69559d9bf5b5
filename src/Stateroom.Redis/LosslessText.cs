using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Stateroom.Redis;

/// <summary>
/// Names as bytes: UTF-8, so that people can read them. A text that is not well-formed UTF-16 would lose its difference to another one there;
/// it is kept as it is, after a byte that begins no UTF-8.
/// </summary>
internal static class LosslessText
{
    private const byte Utf16Mark = 0xFF;

    public static byte[] Encode(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            // Without surrogates it is well-formed, and as most are it takes no more than its bytes.
            return Encoding.UTF8.GetBytes(text);
        }

        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        if (Utf8.FromUtf16(text, bytes, out _, out var written, replaceInvalidSequences: false) == OperationStatus.Done)
        {
            return bytes[..written];
        }

        return [Utf16Mark, .. MemoryMarshal.AsBytes(text.AsSpan())];
    }

    public static string Decode(ReadOnlySpan<byte> bytes) => bytes is [Utf16Mark, .. var utf16]
        ? new string(MemoryMarshal.Cast<byte, char>(utf16))
        : Encoding.UTF8.GetString(bytes);
}
