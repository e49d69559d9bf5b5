using System.Collections.Concurrent;
using Stateroom.State;

namespace Stateroom.Server.Tests.Tools;

/// <summary>The state of one session, held in a field.</summary>
internal sealed class FakeSessionState<T> : ISessionState<T>
    where T : class, new()
{
    private T _value = new();

    /// <summary>How often something was written.</summary>
    public int Writes { get; private set; }

    public ValueTask<T> GetAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult(_value);

    public Task<T> RefreshAsync(CancellationToken cancellationToken = default) => Task.FromResult(_value);

    public Task<T> UpdateAsync(Func<T, T> update, CancellationToken cancellationToken = default)
    {
        var changed = update(_value);
        if (!ReferenceEquals(changed, _value))
        {
            Writes++;
            _value = changed;
        }

        return Task.FromResult(_value);
    }

    public Task ReplaceAsync(T value, CancellationToken cancellationToken = default) => UpdateAsync(_ => value, cancellationToken);

    public Task ClearAsync(CancellationToken cancellationToken = default) => UpdateAsync(_ => new T(), cancellationToken);
}

/// <summary>A cache that forgets nothing.</summary>
internal sealed class FakeSessionCache : ISessionCache
{
    private readonly ConcurrentDictionary<string, object> _values = new(StringComparer.Ordinal);

    public List<TimeSpan> Lifetimes { get; } = [];

    public async ValueTask<T> GetOrCreateAsync<T>(
        string key, Func<CancellationToken, ValueTask<T>> factory, TimeSpan lifetime, CancellationToken cancellationToken = default)
    {
        Lifetimes.Add(lifetime);
        if (_values.TryGetValue(key, out var known))
        {
            return (T)known;
        }

        var made = await factory(cancellationToken);
        _values[key] = made!;
        return made;
    }

    public ValueTask RemoveAsync(string key, CancellationToken cancellationToken = default)
    {
        _values.TryRemove(key, out _);
        return ValueTask.CompletedTask;
    }
}
