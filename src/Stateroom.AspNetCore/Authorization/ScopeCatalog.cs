using Microsoft.Extensions.Options;
using ModelContextProtocol.Server;

namespace Stateroom.AspNetCore.Authorization;

/// <summary>The scopes that this server asks for at all.</summary>
internal sealed class ScopeCatalog(RequiredScopes scopes, IOptions<McpServerOptions> server)
{
    private McpServerOptions? _watched;
    private bool _watches;
    private object? _lock;
    private int _changes;
    private volatile Answer? _known;

    /// <summary>All that a client may be told to ask for, in the order of the alphabet.</summary>
    public IEnumerable<string> Known => Registered()
        .Where(primitive => RequiredScopes.Hiding(primitive).Length == 0)
        .SelectMany(RequiredScopes.Of)
        .Concat(scopes.OfRules)
        .Distinct(StringComparer.Ordinal)
        .Order(StringComparer.Ordinal);

    /// <summary>Whether any scope is needed for anything. Asked for each request, so that all that is registered is looked at only when it has changed.</summary>
    public bool Any
    {
        get
        {
            if (!Volatile.Read(ref _watches))
            {
                LazyInitializer.EnsureInitialized(ref _watched, ref _watches, ref _lock, Watch);
            }

            var changes = Volatile.Read(ref _changes);
            if (_known is { } known && known.Changes == changes)
            {
                return known.Any;
            }

            var any = scopes.OfRules.Any() || Registered().Any(primitive => RequiredScopes.Of(primitive).Length > 0);
            _known = new(changes, any);
            return any;
        }
    }

    private McpServerOptions Watch()
    {
        Watch(server.Value.ToolCollection);
        Watch(server.Value.PromptCollection);
        Watch(server.Value.ResourceCollection);
        return server.Value;
    }

    private void Watch<T>(McpServerPrimitiveCollection<T>? collection)
        where T : IMcpServerPrimitive
    {
        if (collection is not null)
        {
            collection.Changed += (_, _) => Interlocked.Increment(ref _changes);
        }
    }

    private IEnumerable<IMcpServerPrimitive> Registered() =>
        (server.Value.ToolCollection ?? Enumerable.Empty<IMcpServerPrimitive>())
        .Concat(server.Value.PromptCollection ?? Enumerable.Empty<IMcpServerPrimitive>())
        .Concat(server.Value.ResourceCollection ?? Enumerable.Empty<IMcpServerPrimitive>());

    /// <summary>Whether any scope is needed, after so many changes.</summary>
    private sealed record Answer(int Changes, bool Any);
}
