using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;

namespace Stateroom.AspNetCore.Authorization;

/// <summary>The scopes that this server asks for at all.</summary>
internal sealed class ScopeCatalog(RequiredScopes scopes, IOptions<McpServerOptions> server)
{
    /// <summary>All that a client may be told to ask for, in the order of the alphabet.</summary>
    public IEnumerable<string> Known => Registered()
        .Where(primitive => RequiredScopes.Hiding(primitive).Length == 0)
        .SelectMany(RequiredScopes.Of)
        .Concat(scopes.OfRules)
        .Distinct(StringComparer.Ordinal)
        .Order(StringComparer.Ordinal);

    /// <summary>Whether any scope is needed for anything. Cheap enough to be asked for each request.</summary>
    public bool Any => scopes.OfRules.Any() || Registered().Any(primitive => RequiredScopes.Of(primitive).Length > 0);

    private IEnumerable<IMcpServerPrimitive> Registered() =>
        (server.Value.ToolCollection ?? Enumerable.Empty<IMcpServerPrimitive>())
        .Concat(server.Value.PromptCollection ?? Enumerable.Empty<IMcpServerPrimitive>())
        .Concat(server.Value.ResourceCollection ?? Enumerable.Empty<IMcpServerPrimitive>());
}
