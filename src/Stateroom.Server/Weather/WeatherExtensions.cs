using Microsoft.Extensions.Options;
using Stateroom.Server.Hosting;
using Stateroom.Server.Weather.OpenMeteo;
using Stateroom.Server.Weather.Sample;

namespace Stateroom.Server.Weather;

/// <summary>Puts weather into the host, from the source that the settings name.</summary>
internal static class WeatherExtensions
{
    public static IServiceCollection AddWeather(this IServiceCollection services)
    {
        services.AddSingleton<IValidateOptions<WeatherOptions>, WeatherOptionsValidator>();
        services.AddSettings<WeatherOptions>(WeatherOptions.Section);
        services.AddSingleton<WeatherService>();
        services.AddSingleton<WatchList>();
        services.AddSingleton<WeatherWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<WeatherWatch>());
        services.AddSingleton<SampleProvider>();
        services.AddOpenMeteo();
        services.AddSingleton<IWeatherProvider>(provider =>
            provider.GetRequiredService<IOptions<WeatherOptions>>().Value.Provider switch
            {
                WeatherSource.Sample => provider.GetRequiredService<SampleProvider>(),
                _ => provider.GetRequiredService<OpenMeteoProvider>(),
            });
        return services;
    }
}
