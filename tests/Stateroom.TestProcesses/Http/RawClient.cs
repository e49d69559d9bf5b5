using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Stateroom.TestProcesses.Http;

/// <summary>Speaks the handshake era over bare HTTP, so that a test sees every byte.</summary>
public sealed class RawClient(Uri url, string token) : IDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(60) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public string? SessionId { get; set; }

    public string Version { get; init; } = "2025-11-25";

    public async Task<RawClient> OpenAsync(string capabilities = """{"elicitation":{}}""")
    {
        using var response = await SendAsync(HttpMethod.Post, Initialize(Version, capabilities));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        SessionId = response.Headers.GetValues("Mcp-Session-Id").Single();
        using var initialized = await SendAsync(HttpMethod.Post, """{"jsonrpc":"2.0","method":"notifications/initialized"}""");
        Assert.Equal(HttpStatusCode.Accepted, initialized.StatusCode);
        return this;
    }

    public static string Initialize(string version = "2025-11-25", string capabilities = "{}") =>
        $$$"""{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"clientInfo":{"name":"raw","version":"1"},"capabilities":{{{capabilities}}},"protocolVersion":"{{{version}}}"}}""";

    public static string Call(string tool, string arguments = "{}", string id = "1", string meta = "{}") =>
        $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"tools/call","params":{"_meta":{{{meta}}},"arguments":{{{arguments}}},"name":"{{{tool}}}"}}""";

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string? body = null, string? lastEventId = null, Action<HttpRequestMessage>? configure = null) =>
        SendAsync(method, body is null ? null : Encoding.UTF8.GetBytes(body), lastEventId, configure);

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, byte[]? body, string? lastEventId = null, Action<HttpRequestMessage>? configure = null)
    {
        var request = new HttpRequestMessage(method, url);
        if (token.Length > 0)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (SessionId is not null)
        {
            request.Headers.Add("Mcp-Session-Id", SessionId);
            request.Headers.Add("MCP-Protocol-Version", Version);
        }

        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        request.Headers.Accept.ParseAdd(method == HttpMethod.Get ? "text/event-stream" : "application/json, text/event-stream");
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        }

        configure?.Invoke(request);
        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
    }

    /// <summary>Calls a tool whose answer comes as one JSON body.</summary>
    public async Task<JsonObject> CallAsync(string tool, string arguments = "{}", string id = "1")
    {
        using var response = await SendAsync(HttpMethod.Post, Call(tool, arguments, id));
        Assert.Equal("application/json", response.Content.Headers.ContentType?.MediaType);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!.AsObject();
    }

    /// <summary>Calls a tool and gives the text of its result.</summary>
    public async Task<string> CallTextAsync(string tool, string arguments = "{}")
    {
        using var response = await SendAsync(HttpMethod.Post, Call(tool, arguments));
        return TextOf(await ReadResponseAsync(response));
    }

    /// <summary>Reads the response to a request, be it one JSON body or, from a slow server, the last message of a stream.</summary>
    /// <exception cref="EndOfStreamException">The stream ended without it.</exception>
    public static async Task<JsonObject> ReadResponseAsync(HttpResponseMessage response)
    {
        if (response.Content.Headers.ContentType?.MediaType != "text/event-stream")
        {
            return JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!.AsObject();
        }

        var reader = new SseReader(response);
        while (true)
        {
            var message = (await reader.ReadMessageAsync(Cancellation)).Json;
            if (message["method"] is null)
            {
                return message;
            }
        }
    }

    public static string TextOf(JsonObject response) => (string?)response["result"]?["content"]?[0]?["text"] ?? throw new InvalidOperationException($"No text: {response.ToJsonString()}");

    public async Task<SseReader> StreamAsync(HttpMethod method, string? body = null, string? lastEventId = null)
    {
        var response = await SendAsync(method, body, lastEventId);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new SseReader(response);
    }

    public static async Task<(HttpStatusCode Status, string Body)> ReadAsync(Task<HttpResponseMessage> sending)
    {
        using var response = await sending;
        return (response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation));
    }

    public void Dispose() => _http.Dispose();
}
