namespace Stateroom.Isolation.Tests.Malformed;

/// <summary>What can be wrong with a request's first line and headers.</summary>
internal static class HeaderMutations
{
    private static readonly string[] _names =
    [
        "Mcp-Session-Id", "MCP-Protocol-Version", "Last-Event-ID", "Mcp-Method", "Mcp-Name", "Mcp-Param-Session", "Accept", "Content-Type", "Authorization", "Host",
        "Origin", "Content-Encoding", "Expect", "Upgrade", "Connection", "Cookie", "Forwarded", "X-Forwarded-For", "traceparent", "Range", "If-Match", "Te", "Trailer",
    ];

    private static readonly string[] _contentTypes =
    [
        "text/plain", "application/xml", "application/json; charset=utf-16", "application/json; charset=utf-7", "application/json; charset=nonsense", "application/json;;;",
        "application/json; charset=\"", "APPLICATION/JSON", "application/json, text/plain", "application/vnd.api+json", "multipart/form-data", "multipart/form-data; boundary=a",
        "application/x-www-form-urlencoded", "json", "/", ";", "application/",
    ];

    private static readonly string[] _methods = ["PUT", "PATCH", "OPTIONS", "HEAD", "TRACE", "CONNECT", "post", "GET", "DELETE", "PRI", "P\tOST", "", "POST POST", "\u00e9"];

    private static readonly string[] _targets =
    [
        "/mcp/", "/MCP", "//mcp", "/mcp/../mcp", "/mcp%00", "/mcp%", "/%6dcp", "/mcp?a=%zz", "/mcp?session=1#f", "*", "http://evil.example/mcp", "mcp", "", "/mcp HTTP/1.1\r\nInjected: 1",
        "/health/ready", "/admin", "/metrics", "/mcp;a=b", "/mcp\\..\\", "/mcp?" + "access_token=acme-alice",
    ];

    public static void Apply(RawRequest request, Random random)
    {
        switch (random.Next(11))
        {
            case 0:
                request.Headers.RemoveAt(random.Next(request.Headers.Count));
                break;
            case 1:
                request.Headers.Add(Any(request.Headers, random));
                break;
            case 2 or 3:
                request.Set(Any(_names, random), Oddities.Header(random));
                break;
            case 4:
                request.Headers.Add($"{Any(_names, random)}: {Oddities.Header(random)}");
                break;
            case 5:
                request.Set("Content-Type", Any(_contentTypes, random));
                break;
            case 6:
                request.Method = Any(_methods, random);
                break;
            case 7:
                request.Target = random.Next(8) == 0 ? $"/mcp?{new string('q', random.Next(1, 20_000))}" : Any(_targets, random);
                break;
            case 8:
                request.Version = Any(["HTTP/1.0", "HTTP/0.9", "http/1.1", "HTTP/1.1 ", "", "HTTP/1"], random);
                break;
            case 9:
                request.Headers.Insert(random.Next(request.Headers.Count), Any(["no colon", ": no name", "sp ace: 1", "\u00e9: 1", "a\0b: 1", "", " leading: 1", $"{new string('n', 9000)}: 1"], random));
                break;
            default:
                request.Headers.AddRange(Enumerable.Range(0, random.Next(50, 200)).Select(i => $"X-{i}: 1"));
                break;
        }
    }

    private static string Any(IReadOnlyList<string> from, Random random) => from[random.Next(from.Count)];
}
