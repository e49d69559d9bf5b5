using System.Buffers.Binary;

namespace Stateroom.Redis.Sessions;

/// <summary>An unsigned little-endian integer of six bytes: milliseconds for some thousand years, and what a script's numbers hold exactly.</summary>
internal static class Int48
{
    public const int Size = 6;

    public static long Read(ReadOnlySpan<byte> bytes) =>
        BinaryPrimitives.ReadUInt32LittleEndian(bytes) | ((long)BinaryPrimitives.ReadUInt16LittleEndian(bytes[sizeof(uint)..]) << 32);

    public static byte[] Bytes(long value)
    {
        var bytes = new byte[Size];
        Write(bytes, value);
        return bytes;
    }

    public static void Write(Span<byte> bytes, long value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)value);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[sizeof(uint)..], (ushort)(value >> 32));
    }
}
