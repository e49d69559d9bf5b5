using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Stateroom.Limits;

/// <summary>No traffic limits by default while a server is being developed: a loop in a script is no attack there. What is configured applies there too.</summary>
internal sealed class DevelopmentLimits(IHostEnvironment? environment = null) : IConfigureOptions<LimitOptions>
{
    public void Configure(LimitOptions options)
    {
        if (environment?.IsDevelopment() == true)
        {
            options.TurnOff();
        }
    }
}
