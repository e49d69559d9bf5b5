using System.Net;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;
using Polly;

namespace Stateroom.Server.Weather.OpenMeteo;

/// <summary>Puts Open-Meteo into the host: short questions, few repetitions, and none at all once the service says that it is too much.</summary>
internal static class OpenMeteoExtensions
{
    private const long MaxAnswerBytes = 1024 * 1024;

    public static IServiceCollection AddOpenMeteo(this IServiceCollection services)
    {
        services.AddSingleton<OpenMeteoClient>();
        services.AddSingleton<OpenMeteoProvider>();
        services
            .AddHttpClient(OpenMeteoClient.Name, client =>
            {
                client.MaxResponseContentBufferSize = MaxAnswerBytes;
                client.DefaultRequestHeaders.UserAgent.ParseAdd("Stateroom");
            })
            .AddStandardResilienceHandler()
            .Configure(Tune)
            .SelectPipelineByAuthority();
        return services;
    }

    private static void Tune(HttpStandardResilienceOptions resilience, IServiceProvider provider)
    {
        var timeout = provider.GetRequiredService<IOptions<WeatherOptions>>().Value.OpenMeteo.Timeout;
        resilience.TotalRequestTimeout.Timeout = timeout;
        resilience.AttemptTimeout.Timeout = timeout * 0.4;
        resilience.Retry.MaxRetryAttempts = 2;
        resilience.Retry.Delay = timeout * 0.02;
        resilience.Retry.ShouldHandle = arguments => ValueTask.FromResult(IsPassing(arguments.Outcome));
        resilience.CircuitBreaker.ShouldHandle = arguments => ValueTask.FromResult(IsPassing(arguments.Outcome));
        resilience.CircuitBreaker.SamplingDuration = TimeSpan.FromTicks(Math.Max(TimeSpan.FromSeconds(30).Ticks, timeout.Ticks));
    }

    /// <summary>Whether another try may help. After 429 it would only make things worse: the caller is told instead.</summary>
    private static bool IsPassing(Outcome<HttpResponseMessage> outcome) =>
        outcome.Result?.StatusCode != HttpStatusCode.TooManyRequests && HttpClientResiliencePredicates.IsTransient(outcome);
}
