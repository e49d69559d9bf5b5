using System.Text;

namespace Stateroom.TestProcesses.Telemetry;

/// <summary>Reads the fields of a protobuf message, as far as spans need it.</summary>
internal static class Protobuf
{
    /// <summary>The fields that hold bytes: texts and messages; and those that hold a number.</summary>
    public static IEnumerable<(int Field, byte[] Bytes, ulong Number)> Fields(byte[] message)
    {
        var at = 0;
        while (at < message.Length)
        {
            var tag = Varint(message, ref at);
            var field = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    yield return (field, [], Varint(message, ref at));
                    break;
                case 1:
                    at += sizeof(ulong);
                    break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    yield return (field, message[at..(at + length)], 0);
                    at += length;
                    break;
                case 5:
                    at += sizeof(uint);
                    break;
                default:
                    throw new FormatException($"Wire type {tag & 7} of field {field}.");
            }
        }
    }

    public static IEnumerable<byte[]> Messages(byte[] message, int field) => Fields(message).Where(f => f.Field == field).Select(f => f.Bytes);

    public static string Text(byte[] message, int field) => Encoding.UTF8.GetString(Messages(message, field).LastOrDefault() ?? []);

    public static string Hex(byte[] message, int field) => Convert.ToHexStringLower(Messages(message, field).LastOrDefault() ?? []);

    private static ulong Varint(byte[] message, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var part = message[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                return value;
            }
        }
    }
}
