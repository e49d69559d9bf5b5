using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Options;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Timeout;

namespace Stateroom.Server.Weather.OpenMeteo;

/// <summary>Asks one question, and says which of the ways to fail it was.</summary>
internal sealed class OpenMeteoClient(IHttpClientFactory factory, IOptions<WeatherOptions> options, ILogger<OpenMeteoClient> logger)
{
    public const string Name = "open-meteo";
    private readonly TimeSpan _timeout = options.Value.OpenMeteo.Timeout;

    /// <exception cref="WeatherException">There was no usable answer.</exception>
    public async Task<T> GetAsync<T>(string url, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        // The resilience handlers see an answer's headers only; this also ends a body that trickles in.
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(_timeout);
        try
        {
            using var client = factory.CreateClient(Name);
            using var response = await client.GetAsync(url, deadline.Token);
            if (!response.IsSuccessStatusCode)
            {
                throw Refused(response);
            }

            await using var body = await response.Content.ReadAsStreamAsync(deadline.Token);
            return await JsonSerializer.DeserializeAsync(body, type, deadline.Token) ?? throw Wrong("an empty answer");
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && Explain(e) is { } failure)
        {
            logger.WeatherFailed(failure.Failure, e.GetType().Name);
            throw failure;
        }
    }

    private WeatherException? Explain(Exception e) => e switch
    {
        WeatherException known => known,
        JsonException => Wrong("an answer that is not the JSON it promises", e),
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => Wrong("an answer that is far too large", e),
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } => Wrong("an answer that is not HTTP", e),
        TimeoutRejectedException or OperationCanceledException => new(
            WeatherFailure.Slow, $"The weather service is slow: no answer within {_timeout.TotalSeconds:0.#} seconds. Try again in a minute.", e),
        HttpRequestException or IOException or BrokenCircuitException => new(
            WeatherFailure.Down, "The weather service is down: it cannot be reached. Try again in a few minutes.", e),
        RateLimiterRejectedException => new(
            WeatherFailure.RateLimited, "Too many questions for the weather service are under way. Try again in a few seconds.", e),
        _ => null,
    };

    private static WeatherException Refused(HttpResponseMessage response) => response.StatusCode switch
    {
        HttpStatusCode.TooManyRequests => new(WeatherFailure.RateLimited, $"The weather service is rate limited: it refuses further questions for now. Try again in {Patience(response)}."),
        >= HttpStatusCode.InternalServerError => new(WeatherFailure.Down, $"The weather service is down: it answers with HTTP {(int)response.StatusCode}. Try again in a few minutes."),
        _ => Wrong($"HTTP {(int)response.StatusCode} where it should give weather"),
    };

    private static WeatherException Wrong(string what, Exception? inner = null) =>
        new(WeatherFailure.Wrong, $"The weather service gave {what}. Its format or address may have changed; tell whoever runs this server.", inner);

    private static string Patience(HttpResponseMessage response) =>
        response.Headers.RetryAfter?.Delta is { } delta ? $"{Math.Max(1, Math.Ceiling(delta.TotalSeconds)):0} seconds" : "a minute";
}
