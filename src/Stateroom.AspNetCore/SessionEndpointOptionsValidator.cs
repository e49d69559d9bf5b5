using Microsoft.Extensions.Options;

namespace Stateroom.AspNetCore;

/// <summary>Names every fault of <see cref="SessionEndpointOptions"/> at once.</summary>
internal sealed class SessionEndpointOptionsValidator : IValidateOptions<SessionEndpointOptions>
{
    public ValidateOptionsResult Validate(string? name, SessionEndpointOptions options)
    {
        var faults = new List<string>();
        Check(options.MaxBodyBytes >= 1024, $"{nameof(options.MaxBodyBytes)} is {options.MaxBodyBytes}; the least is 1024.");
        Check(
            options.StreamAfter > TimeSpan.Zero && options.StreamAfter <= TimeSpan.FromMinutes(1),
            $"{nameof(options.StreamAfter)} is {options.StreamAfter}; it must be more than zero and at most 1 minute.");
        Check(
            options.KeepAliveInterval >= TimeSpan.FromSeconds(1) && options.KeepAliveInterval <= TimeSpan.FromHours(1),
            $"{nameof(options.KeepAliveInterval)} is {options.KeepAliveInterval}; it must be at least 1 second and at most 1 hour.");
        Check(
            options.RequestStateLifetime > TimeSpan.Zero && options.RequestStateLifetime <= TimeSpan.FromDays(1),
            $"{nameof(options.RequestStateLifetime)} is {options.RequestStateLifetime}; it must be more than zero and at most 1 day.");
        Check(
            options.AuditedRefusalsPerSecond is >= 0 and <= 10_000,
            $"{nameof(options.AuditedRefusalsPerSecond)} is {options.AuditedRefusalsPerSecond}; it must be 0 to 10000.");
        CheckDrain(options.DrainDelay, nameof(options.DrainDelay));
        CheckDrain(options.DrainTime, nameof(options.DrainTime));
        CheckDrain(options.CallDrainTime, nameof(options.CallDrainTime));
        foreach (var origin in options.AllowedOrigins)
        {
            Check(IsOrigin(origin), $"{nameof(options.AllowedOrigins)} holds '{origin}'; an origin is a scheme, a host and perhaps a port, such as https://app.example:8443.");
        }

        foreach (var host in options.AllowedHosts)
        {
            Check(
                Uri.CheckHostName(host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host) != UriHostNameType.Unknown,
                $"{nameof(options.AllowedHosts)} holds '{host}'; a host is a name or an address, without scheme and port, or *. and a name. One that allows every host would allow every web page.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);

        void CheckDrain(TimeSpan time, string name) =>
            Check(time >= TimeSpan.Zero && time <= TimeSpan.FromMinutes(5), $"{name} is {time}; it must be zero to 5 minutes.");

        void Check(bool holds, string fault)
        {
            if (!holds)
            {
                faults.Add($"{nameof(SessionEndpointOptions)}: {fault}");
            }
        }
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && string.Equals(uri.GetLeftPart(UriPartial.Authority), text, StringComparison.OrdinalIgnoreCase);
}
