using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Stateroom.Cli.Administration;

/// <summary>Speaks to the administration API of a Stateroom server.</summary>
internal sealed class AdminClient : IDisposable
{
    private readonly HttpClient _http;

    /// <param name="url">The API, which is often <c>/admin</c> of the server.</param>
    /// <param name="token">A credential with the scope <c>stateroom:admin</c>.</param>
    public AdminClient(Uri url, string token)
    {
        _http = new HttpClient { BaseAddress = new Uri($"{url.AbsoluteUri.TrimEnd('/')}/"), Timeout = TimeSpan.FromSeconds(30) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Reads every page of a list.</summary>
    /// <param name="path">The path, relative to the API, with its parameters.</param>
    /// <param name="name">The member that holds the items.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<JsonObject> ListAsync(
        string path, string name, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? cursor = null;
        do
        {
            var more = cursor is null ? "" : $"{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}cursor={Uri.EscapeDataString(cursor)}";
            var page = await SendAsync(HttpMethod.Get, path + more, cancellationToken) ?? throw Strange();
            foreach (var item in page[name] as JsonArray ?? throw Strange())
            {
                yield return item as JsonObject ?? throw Strange();
            }

            cursor = (string?)page["nextCursor"];
        }
        while (cursor is not null);
    }

    /// <summary>Sends a request.</summary>
    /// <returns>The answer; null where it has no content.</returns>
    /// <exception cref="UsageException">The server refuses, or is not there.</exception>
    public async Task<JsonObject?> SendAsync(HttpMethod method, string path, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path);
            using var response = await _http.SendAsync(request, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            var answer = text.Length > 0 && response.Content.Headers.ContentType?.MediaType?.EndsWith("json", StringComparison.Ordinal) is true
                ? JsonNode.Parse(text) as JsonObject
                : null;
            return response.IsSuccessStatusCode
                ? answer
                : throw new UsageException($"The server answers {(int)response.StatusCode}: {(string?)answer?["detail"] ?? (string?)answer?["title"] ?? Hint((int)response.StatusCode)}");
        }
        catch (Exception e) when (e is HttpRequestException or JsonException || (e is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new UsageException($"The administration API does not answer at {_http.BaseAddress}: {e.Message}");
        }
    }

    public void Dispose() => _http.Dispose();

    private static string Hint(int status) => status switch
    {
        401 => "the token is not known there. Give --token, or set STATEROOM_ADMIN_TOKEN.",
        403 => "the token has no scope stateroom:admin.",
        404 => "there is no administration API. Give its address with --url.",
        _ => "no reason was given.",
    };

    private static UsageException Strange() => new("The answer is not that of the administration API. Give its address with --url.");
}
