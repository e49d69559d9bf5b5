using System.Text;

namespace Stateroom.Isolation.Tests.Malformed;

/// <summary>A request as it goes over the wire, in parts that mutations change. Whether the parts fit together is nobody's concern here.</summary>
internal sealed class RawRequest
{
    public required string Method { get; set; }

    public string Target { get; set; } = "/mcp";

    public string Version { get; set; } = "HTTP/1.1";

    /// <summary>The lines of the head. They may hold anything, Latin-1.</summary>
    public required List<string> Headers { get; init; }

    public byte[] Body { get; set; } = [];

    /// <summary>How the body is framed; null for <c>Content-Length</c>.</summary>
    public Func<byte[], (string[] Headers, byte[] Bytes)>? Framing { get; set; }

    /// <summary>Replaces it all.</summary>
    public byte[]? Instead { get; set; }

    public byte[] ToBytes()
    {
        if (Instead is not null)
        {
            return Instead;
        }

        var (framing, body) = Framing?.Invoke(Body) ?? (Body.Length > 0 ? [$"Content-Length: {Body.Length}"] : [], Body);
        var head = $"{Method} {Target} {Version}\r\n{string.Concat(Headers.Concat(framing).Select(header => $"{header}\r\n"))}\r\n";
        return [.. Encoding.Latin1.GetBytes(head), .. body];
    }

    /// <summary>Sets a header's line, in the place of the one that is there.</summary>
    public void Set(string name, string value)
    {
        Headers.RemoveAll(header => header.StartsWith($"{name}:", StringComparison.OrdinalIgnoreCase));
        Headers.Add($"{name}: {value}");
    }
}
