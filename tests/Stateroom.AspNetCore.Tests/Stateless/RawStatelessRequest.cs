using System.Net.Sockets;
using System.Text;

namespace Stateroom.AspNetCore.Tests.Stateless;

/// <summary>A call of a tool as its bytes go over a connection of its own, so that a test can write what no client library would.</summary>
internal sealed record RawStatelessRequest(string Body, params string[] Names)
{
    /// <summary>The <c>_meta</c> of a client that has nothing to say.</summary>
    public const string Meta =
        """{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"raw","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public string Token { get; init; } = "acme/alice";

    public string ContentType { get; init; } = "application/json";

    /// <summary>A call that is written as it should be.</summary>
    public static RawStatelessRequest Call(string tool) => new(BodyOf($$$"""{"name":"{{{tool}}}","arguments":{"needed":"x"},"_meta":{{{Meta}}}}"""), tool);

    /// <summary>The body of a call with parameters and an id as they are written.</summary>
    public static string BodyOf(string parameters, string id = "1") => $$"""{"jsonrpc":"2.0","id":{{id}},"method":"tools/call","params":{{parameters}}}""";

    public async Task<RawAnswer> SendAsync(Uri url)
    {
        using var connection = new TcpClient();
        await connection.ConnectAsync(url.Host, url.Port, Cancellation);
        await using var stream = connection.GetStream();
        await stream.WriteAsync(
            Encoding.UTF8.GetBytes(
                $"POST {url.AbsolutePath} HTTP/1.1\r\nHost: {url.Authority}\r\nAuthorization: Bearer {Token}\r\nContent-Type: {ContentType}\r\nAccept: application/json, text/event-stream\r\n"
                + $"MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\n{string.Concat(Names.Select(name => $"Mcp-Name: {name}\r\n"))}"
                + $"Content-Length: {Encoding.UTF8.GetByteCount(Body)}\r\nConnection: close\r\n\r\n{Body}"),
            Cancellation);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return new(await reader.ReadToEndAsync(Cancellation));
    }
}
