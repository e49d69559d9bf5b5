using System.Text;

namespace Stateroom.Isolation.Tests.Malformed;

/// <summary>What can be wrong with the way in which a body is sent.</summary>
internal static class FramingMutations
{
    public static void Apply(RawRequest request, Random random)
    {
        switch (random.Next(10))
        {
            case 0:
                request.Framing = body => ([$"Content-Length: {body.Length + random.Next(1, 100)}"], body);
                break;
            case 1:
                request.Framing = body => ([$"Content-Length: {random.Next(body.Length + 1)}"], body);
                break;
            case 2:
                request.Framing = body => ([$"Content-Length: {Odd(random)}"], body);
                break;
            case 3:
                request.Framing = body => ([$"Content-Length: {body.Length}", $"Content-Length: {body.Length + 1}"], body);
                break;
            case 4:
                request.Framing = body => (["Transfer-Encoding: chunked"], Chunks(body, random, end: true));
                break;
            case 5:
                request.Framing = body => (["Transfer-Encoding: chunked"], Chunks(body, random, end: false));
                break;
            case 6:
                request.Framing = body => (["Transfer-Encoding: chunked", $"Content-Length: {body.Length}"], Chunks(body, random, end: true));
                break;
            case 7:
                request.Framing = body => ([$"Transfer-Encoding: {(random.Next(2) == 0 ? "gzip, chunked" : "chunked, chunked")}"], Chunks(body, random, end: true));
                break;
            case 8:
                request.Framing = body => (["Transfer-Encoding: chunked"], [.. Encoding.ASCII.GetBytes($"{Odd(random)}\r\n"), .. body]);
                break;
            default:
                request.Instead = Noise(request.ToBytes(), random);
                break;
        }
    }

    private static string Odd(Random random) => (string)(random.Next(8) switch
    {
        0 => "-1",
        1 => "99999999999999999999",
        2 => "4194305",
        3 => "0x10",
        4 => "",
        5 => "1e3",
        6 => "ffffffffffffffffff",
        _ => "1, 2",
    });

    private static byte[] Chunks(byte[] body, Random random, bool end)
    {
        using var chunks = new MemoryStream();
        for (var at = 0; at < body.Length;)
        {
            var length = Math.Min(body.Length - at, random.Next(1, 200));
            var extension = random.Next(10) == 0 ? $";a={new string('e', random.Next(1, 3000))}" : "";
            chunks.Write(Encoding.ASCII.GetBytes($"{length:x}{extension}\r\n"));
            chunks.Write(body, at, length);
            chunks.Write(random.Next(40) == 0 ? "xx"u8 : "\r\n"u8);
            at += length;
        }

        if (end)
        {
            chunks.Write(random.Next(3) == 0 ? "0\r\nTrailer: a\r\nMcp-Session-Id: b\r\n\r\n"u8 : "0\r\n\r\n"u8);
        }

        return chunks.ToArray();
    }

    private static byte[] Noise(byte[] bytes, Random random)
    {
        switch (random.Next(5))
        {
            case 0:
                var noise = new byte[random.Next(1, 3000)];
                random.NextBytes(noise);
                return noise;
            case 1:
                return [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03, .. bytes];
            case 2:
                return [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. bytes];
            case 3:
                return bytes[..random.Next(bytes.Length)];
            default:
                for (var i = random.Next(1, 10); i > 0; i--)
                {
                    bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
                }

                return bytes;
        }
    }
}
