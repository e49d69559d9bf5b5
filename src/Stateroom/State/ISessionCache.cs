namespace Stateroom.State;

/// <summary>
/// A cache for the session of the current call. Two sessions never share an entry, and what a session cached is gone with it.
/// </summary>
/// <remarks>
/// For what can be had again at a price. What must not be lost is state: <see cref="ISessionState{T}"/>. In a stateless-era call that has no room yet,
/// nothing is stored and the factory runs. A session keeps up to 256 entries; beyond that the one that would be the first to expire goes.
/// </remarks>
public interface ISessionCache
{
    /// <summary>Gives what is cached under a key, or makes and caches it. Calls in parallel for one key share one run of the factory.</summary>
    /// <typeparam name="T">
    /// What is cached; System.Text.Json must be able to write it, since each caller gets a copy of its own. Strings and types that are marked
    /// <c>[ImmutableObject(true)]</c> and sealed are shared as they are.
    /// </typeparam>
    /// <param name="key">The key, unique in the session.</param>
    /// <param name="factory">Makes the value.</param>
    /// <param name="lifetime">How long the value is good at the most; more than zero.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InvalidOperationException">There is no call: the code runs outside an MCP request.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="lifetime"/> is not more than zero.</exception>
    ValueTask<T> GetOrCreateAsync<T>(string key, Func<CancellationToken, ValueTask<T>> factory, TimeSpan lifetime, CancellationToken cancellationToken = default);

    /// <summary>Forgets what is cached under a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="InvalidOperationException">There is no call.</exception>
    ValueTask RemoveAsync(string key, CancellationToken cancellationToken = default);
}
