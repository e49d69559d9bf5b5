namespace Stateroom.Isolation.Tests.Malformed;

/// <summary>Odd values, each of which has broken some program.</summary>
internal static class Oddities
{
    /// <summary>A JSON value, or what somebody may take for one.</summary>
    public static string Json(Random random) => random.Next(26) switch
    {
        0 => "null",
        1 => "true",
        2 => "0",
        3 => "-0",
        4 => "1.5",
        5 => "1e999",
        6 => "-1e999",
        7 => "1e-999",
        8 => "9223372036854775808",
        9 => new string('9', random.Next(20, 5000)),
        10 => "\"\"",
        11 => "\"\\u0000\"",
        12 => "\"\\ud800\"",
        13 => "\"\\udc00\\ud800\"",
        14 => "\"a\\r\\nInjected: 1\"",
        15 => $"\"{new string('a', random.Next(1, 60_000))}\"",
        16 => "[]",
        17 => "{}",
        18 => "[[[]]]",
        19 => Nested('[', ']', random.Next(1, 5000)),
        20 => $"{string.Concat(Enumerable.Repeat("{\"a\":", random.Next(1, 2000)))}1{new string('}', random.Next(1, 2000))}",
        21 => "{\"a\":1,\"a\":2}",
        22 => "{\"__proto__\":{\"a\":1},\"$ref\":\"#\",\"$type\":\"System.Object\"}",
        23 => $"[{string.Join(',', Enumerable.Range(0, random.Next(1, 2000)))}]",
        24 => random.Next(2) == 0 ? "NaN" : "Infinity",
        _ => random.Next(2) == 0 ? "'a'" : "undefined",
    };

    /// <summary>A value of a header.</summary>
    public static string Header(Random random) => random.Next(22) switch
    {
        0 => "",
        1 => " ",
        2 => "*",
        3 => new string('a', random.Next(1, 8000)),
        4 => new string('b', random.Next(20_000, 70_000)),
        5 => "a\r\nInjected: 1",
        6 => "a\nInjected: 1",
        7 => "a\r\n folded",
        8 => "\0",
        9 => "\u00ff\u00fe",
        10 => "\u0001\u0002\u007f",
        11 => "=?base64?/////w==?=",
        12 => "=?base64?not base64?=",
        13 => "=?base64??=",
        14 => "2026-07-28",
        15 => "2025-11-25, 2026-07-28",
        16 => "9999-99-99",
        17 => "g.1, g.2",
        18 => "-1",
        19 => string.Join(", ", Enumerable.Repeat("text/event-stream;q=0.1", 200)),
        20 => "\"unclosed",
        _ => new string([.. Enumerable.Range(0, random.Next(1, 40)).Select(_ => (char)random.Next(1, 256))]),
    };

    public static byte[] Bytes(Random random)
    {
        byte[][] odd = [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xEF, 0xBB, 0xBF], [0xFE, 0xFF], [0], [0x1B, (byte)'['], [0xE2, 0x80]];
        return odd[random.Next(odd.Length)];
    }

    private static string Nested(char open, char close, int depth) => new string(open, depth) + new string(close, depth);
}
