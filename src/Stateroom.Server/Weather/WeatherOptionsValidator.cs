using Microsoft.Extensions.Options;

namespace Stateroom.Server.Weather;

/// <summary>Finds every fault in the settings under <c>Weather</c> and says how to mend it.</summary>
internal sealed class WeatherOptionsValidator : IValidateOptions<WeatherOptions>
{
    public ValidateOptionsResult Validate(string? name, WeatherOptions options)
    {
        var faults = new List<string>();
        if (!Enum.IsDefined(options.Provider))
        {
            faults.Add($"Weather:Provider is none that is known. Set it to {string.Join(" or ", Enum.GetNames<WeatherSource>())}.");
        }

        if (options.RefreshInterval < TimeSpan.FromSeconds(1) || options.RefreshInterval > TimeSpan.FromDays(1))
        {
            faults.Add($"Weather:RefreshInterval is {options.RefreshInterval}. Set it between 00:00:01 and 1.00:00:00.");
        }

        CheckUrl(faults, "GeocodingUrl", options.OpenMeteo.GeocodingUrl);
        CheckUrl(faults, "ForecastUrl", options.OpenMeteo.ForecastUrl);
        if (options.OpenMeteo.Timeout < TimeSpan.FromMilliseconds(100) || options.OpenMeteo.Timeout > TimeSpan.FromMinutes(1))
        {
            faults.Add($"Weather:OpenMeteo:Timeout is {options.OpenMeteo.Timeout}. Set it between 00:00:00.1 and 00:01:00.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static void CheckUrl(List<string> faults, string setting, Uri? url)
    {
        if (url is not { IsAbsoluteUri: true, Scheme: "http" or "https", Query: "" })
        {
            faults.Add($"Weather:OpenMeteo:{setting} is not an absolute http or https address without a query. Set it, or leave it out for the public service.");
        }
    }
}
