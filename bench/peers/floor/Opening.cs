using System.Security.Cryptography;

namespace Peers.Floor;

/// <summary>How a session is opened, wherever it is kept.</summary>
internal static class Opening
{
    private const string Header = "Mcp-Session-Id";
    private const string Opened = """{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"floor","version":"1"}}}""";

    public static string? SentId(HttpRequest request) => request.Headers[Header] is [{ } id] ? id : null;

    public static string NewId() => RandomNumberGenerator.GetHexString(32);

    public static Task AnswerAsync(HttpResponse response, string id)
    {
        response.Headers[Header] = id;
        return response.WriteAsync(Opened);
    }
}
