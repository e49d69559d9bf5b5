using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Stateroom.Cli.Protocol;

/// <summary>
/// An MCP server as bytes over HTTP. It is no client library, since it must do what one never does: send somebody else's session, use one that was
/// ended, answer a question that was asked of another.
/// </summary>
internal sealed class McpEndpoint : IDisposable
{
    /// <summary>The header by which the balancer of the demo says who answered.</summary>
    public const string InstanceHeader = "X-Instance";

    private static readonly string[] _telling = ["Content-Type", "Allow", "WWW-Authenticate", "Retry-After"];

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        UseCookies = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
        ConnectTimeout = TimeSpan.FromSeconds(5),
    })
    { Timeout = Timeout.InfiniteTimeSpan };

    private readonly IReadOnlyList<Uri> _urls;
    private int _next;

    /// <param name="urls">Where it listens. Where there are several, calls take turns.</param>
    /// <param name="patience">How long to wait for an answer.</param>
    public McpEndpoint(IReadOnlyList<Uri> urls, TimeSpan patience)
    {
        _urls = urls;
        Patience = patience;
    }

    /// <summary>How long to wait for an answer.</summary>
    public TimeSpan Patience { get; }

    /// <summary>Sends a request and reads the response to it.</summary>
    /// <param name="method">POST, GET or DELETE.</param>
    /// <param name="token">The caller's bearer token; empty for none.</param>
    /// <param name="headers">More headers.</param>
    /// <param name="body">The JSON-RPC message; null for none.</param>
    /// <param name="onRequest">Is told what the server asks on the way.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The answer. An endpoint that cannot be reached is one too: <see cref="Answer.Failure"/>.</returns>
    public async Task<Answer> SendAsync(
        HttpMethod method,
        string token,
        IEnumerable<(string Name, string Value)> headers,
        JsonObject? body,
        Func<JsonObject, Task>? onRequest,
        CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            using var request = Request(method, token, headers, body);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            return await ReadAsync(response, onRequest, patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Answer.None("no answer in time");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return Answer.None("connection failed");
        }
    }

    public void Dispose() => _http.Dispose();

    private HttpRequestMessage Request(HttpMethod method, string token, IEnumerable<(string Name, string Value)> headers, JsonObject? body)
    {
        var url = _urls[(int)((uint)Interlocked.Increment(ref _next) % (uint)_urls.Count)];
        var request = new HttpRequestMessage(method, url);
        if (token.Length > 0)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        request.Headers.Accept.ParseAdd(method == HttpMethod.Get ? EventStream.MediaType : $"application/json, {EventStream.MediaType}");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body.ToJsonString())) { Headers = { ContentType = new("application/json") } };
        }

        return request;
    }

    private static async Task<Answer> ReadAsync(HttpResponseMessage response, Func<JsonObject, Task>? onRequest, CancellationToken cancellationToken)
    {
        var answer = new Answer((int)response.StatusCode, Telling(response), "")
        {
            SessionId = Header(response, "Mcp-Session-Id"),
            Instance = Header(response, InstanceHeader),
            RetryAfter = response.Headers.RetryAfter?.Delta,
        };
        if (response.Content.Headers.ContentType?.MediaType != EventStream.MediaType)
        {
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            return answer with { Body = text, Message = Json.TryParseObject(text) };
        }

        if (response.RequestMessage?.Method == HttpMethod.Get)
        {
            // That it was opened is the answer.
            return answer;
        }

        await foreach (var (data, message) in EventStream.ReadMessagesAsync(await response.Content.ReadAsStreamAsync(cancellationToken), cancellationToken))
        {
            if (message["method"] is null)
            {
                return answer with { Body = data, Message = message };
            }

            if (message["id"] is not null && onRequest is not null)
            {
                await onRequest(message);
            }
        }

        return answer with { Failure = "the stream ended before the answer" };
    }

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? values.First() : null;

    private static string Telling(HttpResponseMessage response) => string.Join('\n', response.Headers.Concat(response.Content.Headers)
        .Where(h => _telling.Contains(h.Key, StringComparer.OrdinalIgnoreCase))
        .Select(h => $"{h.Key}: {string.Join(", ", h.Value)}")
        .Order(StringComparer.OrdinalIgnoreCase));
}
