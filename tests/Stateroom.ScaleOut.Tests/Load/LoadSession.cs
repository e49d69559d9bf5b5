using System.Net;
using System.Text.Json.Nodes;

namespace Stateroom.ScaleOut.Tests.Load;

/// <summary>A session of the weather server under load, and what is known of it: what was acknowledged, and what has no answer.</summary>
internal sealed class LoadSession(Uri endpoint, string key, int number) : IDisposable
{
    private readonly RawClient _client = new(endpoint, key);
    private readonly string _marker = $"marker-{number}-{Guid.NewGuid():N}";
    private int _id;

    /// <summary>How many weather calls were answered with success.</summary>
    public int Acknowledged { get; private set; }

    /// <summary>How many weather calls have no answer, so that nobody knows whether they count.</summary>
    public int Unknown { get; private set; }

    /// <summary>Opens the session and leaves something in it by which it is known.</summary>
    public async Task OpenAsync()
    {
        await _client.OpenAsync();
        var saved = await CallAsync("save_place", $$"""{"label":"{{_marker}}","city":"Pune"}""");
        Assert.Null(saved.Failure);
    }

    /// <summary>Has the session counted once more.</summary>
    public async Task<CallResult> CountAsync()
    {
        var result = await CallAsync("get_current_weather", """{"city":"Pune"}""");
        if (result.Failure is null)
        {
            Acknowledged++;
        }
        else
        {
            Unknown++;
        }

        return result;
    }

    /// <summary>Looks whether the session is still the one that it was.</summary>
    public async Task<CallResult> LookAsync()
    {
        var result = await CallAsync("list_places", "{}");
        if (result.Response is { } response)
        {
            var places = response["result"]!["structuredContent"]!["places"]!.AsArray();
            return result with { Wrong = places is not [{ } place] || (string?)place["label"] != _marker };
        }

        return result;
    }

    /// <summary>What the session itself has counted.</summary>
    public async Task<int> ReadCountAsync()
    {
        var result = await CallAsync("get_session_info", "{}");
        return (int)(result.Response ?? throw new InvalidOperationException(result.Failure))["result"]!["structuredContent"]!["toolCallCount"]!;
    }

    public void Dispose() => _client.Dispose();

    private async Task<CallResult> CallAsync(string tool, string arguments)
    {
        var id = ++_id;
        var started = DateTimeOffset.UtcNow;
        try
        {
            using var response = await _client.SendAsync(HttpMethod.Post, RawClient.Call(tool, arguments, $"{id}"));
            if (response.StatusCode != HttpStatusCode.OK)
            {
                return Failed($"{(int)response.StatusCode}", lost: response.StatusCode == HttpStatusCode.NotFound) with
                {
                    IsUnavailable = response.StatusCode == HttpStatusCode.ServiceUnavailable,
                };
            }

            var message = await RawClient.ReadResponseAsync(response);
            return message["result"] is null || (bool?)message["result"]!["isError"] is true
                ? Failed(message.ToJsonString())
                : new(started, message) { Wrong = (int?)message["id"] != id };
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return Failed($"{e.Message} {(e as HttpRequestException)?.HttpRequestError} {e.GetBaseException().Message}");
        }

        CallResult Failed(string failure, bool lost = false) => new(started, null) { Failure = $"{tool}: {failure}", Lost = lost };
    }
}

/// <summary>What became of a call.</summary>
/// <param name="Started">When it was sent.</param>
/// <param name="Response">The response; null if it failed.</param>
internal sealed record CallResult(DateTimeOffset Started, JsonObject? Response)
{
    public DateTimeOffset Ended { get; } = DateTimeOffset.UtcNow;

    /// <summary>Why it failed; null if it did not.</summary>
    public string? Failure { get; init; }

    /// <summary>Whether an instance said that it cannot serve at the moment.</summary>
    public bool IsUnavailable { get; init; }

    /// <summary>Whether the server does not know the session any more.</summary>
    public bool Lost { get; init; }

    /// <summary>Whether the answer was another's.</summary>
    public bool Wrong { get; init; }
}
