using System.Net;
using Microsoft.Extensions.Options;
using Stateroom.AspNetCore;

namespace Stateroom.Server.Hosting;

/// <summary>Refuses to start, outside Development, a server whose callers' tokens could be read on the way or whose doors any web page could open.</summary>
internal sealed class FrontDoorValidator(IHostEnvironment environment, IConfiguration configuration, IOptions<SessionEndpointOptions> endpoint) : IValidateOptions<FrontDoorOptions>
{
    public ValidateOptionsResult Validate(string? name, FrontDoorOptions options)
    {
        var faults = options.Proxies.Where(p => !IsAddressOrNetwork(p)).Select(p =>
            $"Stateroom:Proxies holds '{p}'. Give the address of a proxy, or a network as 10.0.0.0/8; not everybody's.").ToList();
        if (!environment.IsDevelopment() && configuration.GetValue("ForwardedHeaders_Enabled", defaultValue: false))
        {
            faults.Add("ASPNETCORE_FORWARDEDHEADERS_ENABLED believes whoever sends an X-Forwarded-* header. Leave it out, and set Stateroom:Proxies to your proxies.");
        }

        if (!environment.IsDevelopment() && ListenAddresses.Of(configuration).Where(a => !a.IsLoopback).ToList() is { Count: > 0 } reachable)
        {
            if (reachable.Find(a => !a.IsHttps) is { } plain && !options.AllowPlainHttp && options.Proxies.Count == 0)
            {
                faults.Add(
                    $"The server would listen on {plain.Text} without TLS, where the tokens of its callers can be read. Give an https address, or set Stateroom:Proxies "
                    + "to the proxies that end TLS, or Stateroom:AllowPlainHttp=true if something else keeps the way safe.");
            }

            if (AllowsAnonymous() is { AllowAnonymous: true, AllowedHosts.Count: 0 })
            {
                faults.Add(
                    $"Everybody may call (Stateroom:AllowAnonymous) on {reachable[0].Text}, under any name, so that any web page could too. "
                    + "Set Stateroom:AllowedHosts to the names of this server.");
            }
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    /// <summary>Whatever is wrong with these options themselves is told by them.</summary>
    private SessionEndpointOptions? AllowsAnonymous()
    {
        try
        {
            return endpoint.Value;
        }
        catch (OptionsValidationException)
        {
            return null;
        }
    }

    private static bool IsAddressOrNetwork(string text) => IPAddress.TryParse(text, out _) || (IPNetwork.TryParse(text, out var network) && network.PrefixLength > 0);
}
