using System.Net;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using Stateroom.AspNetCore;

namespace Stateroom.Server.Hosting;

/// <summary>What every request passes before anything else looks at it: proxies that are believed, Origin and Host, and what web pages may do.</summary>
internal static class FrontDoorSetup
{
    /// <summary>The policy under which web pages of <see cref="SessionEndpointOptions.AllowedOrigins"/> use an endpoint. All others are told nothing.</summary>
    public const string CorsPolicy = "mcp";

    // What a client has to read of an answer that a browser would keep from it otherwise.
    private static readonly string[] _exposedHeaders = ["Mcp-Session-Id", "MCP-Protocol-Version", "WWW-Authenticate", "Retry-After"];

    public static void AddFrontDoor(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        builder.Services.AddSettings<FrontDoorOptions>(Access.Section);
        builder.Services.AddSingleton<IValidateOptions<FrontDoorOptions>, FrontDoorValidator>();
        builder.Services.AddCors();
        builder.Services.AddOptions<CorsOptions>().Configure<IOptions<SessionEndpointOptions>>((cors, endpoint) => cors.AddPolicy(CorsPolicy, policy => policy
            .WithOrigins([.. endpoint.Value.AllowedOrigins])
            .WithMethods(HttpMethods.Get, HttpMethods.Post, HttpMethods.Delete)
            .AllowAnyHeader()
            .WithExposedHeaders(_exposedHeaders)
            .SetPreflightMaxAge(TimeSpan.FromHours(1))));
        builder.Services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<FrontDoorOptions>>((forwarded, door) => Believe(forwarded, door.Value.Proxies));
    }

    public static void UseFrontDoor(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<FrontDoorOptions>>().Value.Proxies.Count > 0)
        {
            app.UseForwardedHeaders();
        }

        app.UseSessionFrontDoor();
        app.UseCors();
    }

    private static void Believe(ForwardedHeadersOptions options, IEnumerable<string> proxies)
    {
        options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
        {
            if (IPAddress.TryParse(proxy, out var address))
            {
                options.KnownProxies.Add(address);
            }
            else
            {
                options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy));
            }
        }
    }
}
