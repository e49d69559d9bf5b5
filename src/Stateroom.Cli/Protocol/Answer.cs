using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Stateroom.Cli.Protocol;

/// <summary>What a server answered to one HTTP request, byte for byte, and the JSON-RPC response in it.</summary>
/// <param name="Status">The HTTP status; 0 where there was no answer at all.</param>
/// <param name="Headers">The headers that say something about the answer, one a line.</param>
/// <param name="Body">The body; of an event stream, its data.</param>
internal sealed record Answer(int Status, string Headers, string Body)
{
    private const int NoAnswer = 0;
    private const int MaxWords = 60;

    /// <summary>The JSON-RPC response; null if there is none.</summary>
    public JsonObject? Message { get; init; }

    /// <summary>The session that the server named.</summary>
    public string? SessionId { get; init; }

    /// <summary>Which instance answered, where a header says so.</summary>
    public string? Instance { get; init; }

    /// <summary>How long the server asks to wait, where it refused for that reason.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Why there was no answer.</summary>
    public string? Failure { get; init; }

    public JsonObject? Result => Message?["result"] as JsonObject;

    public bool IsToolError => Result?["isError"] is JsonValue error && error.GetValueKind() is JsonValueKind.True;

    /// <summary>Whether the call did what it was to do.</summary>
    public bool IsOk => Status == (int)HttpStatusCode.OK && Result is not null && !IsToolError;

    /// <summary>Whether it says nothing about the session and may pass: no answer, or 5xx.</summary>
    public bool IsPassing => Failure is not null || Status >= 500;

    /// <summary>Whether the server asks the client to come back later.</summary>
    public bool IsBusy => Status is (int)HttpStatusCode.TooManyRequests;

    /// <summary>Whether the server refused the request before it did anything: HTTP 4xx, other than 408.</summary>
    public bool IsRefused => Status is >= 400 and < 500 and not (int)HttpStatusCode.RequestTimeout;

    public static Answer None(string failure) => new(NoAnswer, "", "") { Failure = failure };

    /// <summary>In a few words, for reports.</summary>
    public string Describe() => this switch
    {
        { Failure: { } failure } => failure,
        { IsOk: true } => "ok",
        { IsToolError: true } => $"tool error: {Words()}",
        { Message: { } message } when message["error"] is JsonObject error => $"{Status}, JSON-RPC error {error["code"]?.ToJsonString()}",
        _ => $"{Status}",
    };

    /// <summary>How the server's own words begin.</summary>
    private string Words()
    {
        var text = (Result?["content"] as JsonArray)?.Select(c => (c as JsonObject)?["text"]?.ToString()).FirstOrDefault(t => t is not null) ?? "without words";
        return text.ReplaceLineEndings(" ") is { Length: > MaxWords } words ? $"{words[..MaxWords]}…" : text.ReplaceLineEndings(" ");
    }
}
