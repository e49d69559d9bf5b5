using Microsoft.Extensions.Options;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Server;

namespace Stateroom.AspNetCore.Stateless;

/// <summary>
/// Makes the options of a server once and copies them from then on. The SDK asks for new ones with each request of the stateless era, and making them,
/// with all tools and filters, would cost more than all the rest of a call. The copies share their tools, so that a change of them is seen by both eras.
/// </summary>
/// <remarks>Where the host changes the options of each request (<see cref="HttpServerTransportOptions.ConfigureSessionOptions"/>), it is given its own.</remarks>
internal sealed class ServerOptionsFactory(
    IEnumerable<IConfigureOptions<McpServerOptions>> setups,
    IEnumerable<IPostConfigureOptions<McpServerOptions>> postConfigures,
    IEnumerable<IValidateOptions<McpServerOptions>> validations,
    IOptions<HttpServerTransportOptions> transport) : IOptionsFactory<McpServerOptions>
{
    private readonly OptionsFactory<McpServerOptions> _maker = new(setups, postConfigures, validations);
    private readonly Lock _lock = new();
    private McpServerOptions? _made;

    public McpServerOptions Create(string name)
    {
        if (name != Options.DefaultName || transport.Value.ConfigureSessionOptions is not null)
        {
            return _maker.Create(name);
        }

        if (Volatile.Read(ref _made) is not { } made)
        {
            lock (_lock)
            {
                made = _made ??= _maker.Create(name);
            }
        }

        var copy = ServerOptionsCopy.Of(made);
        copy.KnownClientInfo = made.KnownClientInfo;
        copy.KnownClientCapabilities = made.KnownClientCapabilities;
        return copy;
    }
}
