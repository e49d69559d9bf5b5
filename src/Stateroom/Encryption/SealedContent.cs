using System.Buffers.Binary;

namespace Stateroom.Encryption;

/// <summary>
/// What encrypted content looks like to a store. It begins with bytes that no JSON begins with and says how large it was, since limits count what was written
/// and not what encryption makes of it: a store measures content with <see cref="SizeOf"/> and is told the rest by nobody.
/// </summary>
/// <remarks>
/// The form: <c>FF</c>, the number of the format, flags (1: somebody waits for this message), the size in 4 bytes, little-endian; then the ciphertext of
/// ASP.NET Core Data Protection. Size and flags are checked against the content when it is read.
/// </remarks>
public static class SealedContent
{
    internal const int HeaderSize = 7;

    // No UTF-8 text holds this byte.
    private const byte Mark = 0xFF;
    private const byte Format = 1;
    private const byte AwaitedFlag = 1;

    /// <summary>Whether content is encrypted.</summary>
    /// <param name="content">What the store holds.</param>
    public static bool IsSealed(ReadOnlySpan<byte> content) => content.Length >= HeaderSize && content[0] == Mark;

    /// <summary>How many bytes of a limit the content takes: its size before it was encrypted.</summary>
    /// <param name="content">What the store holds, encrypted or not.</param>
    public static long SizeOf(ReadOnlySpan<byte> content) => IsSealed(content) ? BinaryPrimitives.ReadUInt32LittleEndian(content[3..]) : content.Length;

    /// <summary>Whether a message that is encrypted is one that somebody waits for, which an outbox never trims.</summary>
    internal static bool IsAwaited(ReadOnlySpan<byte> content) => (content[2] & AwaitedFlag) != 0;

    /// <summary>Whether a version of the program that is newer than this one wrote it.</summary>
    internal static bool IsNewer(ReadOnlySpan<byte> content) => content[1] > Format;

    internal static byte[] Write(int size, bool awaited, ReadOnlySpan<byte> ciphertext)
    {
        var content = new byte[HeaderSize + ciphertext.Length];
        (content[0], content[1], content[2]) = (Mark, Format, awaited ? AwaitedFlag : (byte)0);
        BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(3), (uint)size);
        ciphertext.CopyTo(content.AsSpan(HeaderSize));
        return content;
    }
}
