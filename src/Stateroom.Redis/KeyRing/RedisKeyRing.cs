using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using Stateroom.Redis.Connection;
using Stateroom.Sessions;

namespace Stateroom.Redis.KeyRing;

/// <summary>
/// Keeps the keys of Data Protection in Redis. Instances that start together find no key and make one each; here the first wins, and the others use
/// its key: Data Protection reads the ring again after it has stored, and what one instance sealed would else stay closed to another for up to a day.
/// </summary>
internal sealed class RedisKeyRing(RedisConnection connection, RedisCommands commands, RedisKeys keys, IOptions<RedisSessionOptions> options) : IXmlRepository
{
    private const string KeyName = "key-";

    private readonly Lock _lock = new();
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private long _seen;

    /// <exception cref="SessionStoreUnavailableException">Redis cannot be reached.</exception>
    public IReadOnlyCollection<XElement> GetAllElements() => Run(database =>
    {
        var elements = database.ListRange(keys.KeyRing, flags: CommandFlags.DemandMaster);
        Volatile.Write(ref _seen, elements.Length);
        var distinct = elements.Select(e => (string)e!).Distinct(StringComparer.Ordinal).ToList();
        Learn(distinct);
        return distinct.Select(e => XElement.Parse(e)).ToList();
    });

    /// <remarks>A new key is dropped if another came since this instance last looked; a revocation never is.</remarks>
    /// <exception cref="SessionStoreUnavailableException">Redis cannot be reached.</exception>
    public void StoreElement(XElement element, string friendlyName) => Run(database =>
    {
        var text = element.ToString(SaveOptions.DisableFormatting);
        var transaction = database.CreateTransaction();
        if (friendlyName.StartsWith(KeyName, StringComparison.Ordinal))
        {
            transaction.AddCondition(Condition.ListLengthEqual(keys.KeyRing, Volatile.Read(ref _seen)));
        }

        _ = transaction.ListRightPushAsync(keys.KeyRing, text);
        var stored = transaction.Execute();
        if (stored)
        {
            Learn([text]);
        }

        return stored;
    });

    /// <summary>Puts back what this instance has seen and Redis has lost, and learns what others have put there.</summary>
    /// <returns>Whether there is something new, so that the ring has to be read again.</returns>
    /// <exception cref="SessionStoreUnavailableException">Redis did not answer in time.</exception>
    public async Task<bool> ReconcileAsync(CancellationToken cancellationToken)
    {
        var elements = await commands.RunAsync(database => database.ListRangeAsync(keys.KeyRing, flags: CommandFlags.DemandMaster), cancellationToken);
        var found = elements.Select(e => (string)e!).ToHashSet(StringComparer.Ordinal);
        RedisValue[] lost;
        lock (_lock)
        {
            lost = [.. _known.Where(k => !found.Contains(k)).Select(k => (RedisValue)k)];
        }

        if (lost.Length > 0)
        {
            // Another instance may do the same at this moment; readers pass over what stands there twice.
            await commands.RunAsync(database => database.ListRightPushAsync(keys.KeyRing, lost, flags: CommandFlags.DemandMaster), cancellationToken);
        }

        return Learn(found);
    }

    private bool Learn(IReadOnlyCollection<string> elements)
    {
        lock (_lock)
        {
            var before = _known.Count;
            _known.UnionWith(elements);
            return _known.Count > before;
        }
    }

    private T Run<T>(Func<IDatabase, T> command)
    {
        // Data Protection has no asynchronous form of this. It asks at start-up and once a day, and tries again where it fails.
        var opening = connection.GetAsync();
        if (!opening.IsCompleted && !opening.Wait(options.Value.CallTimeout))
        {
            throw new SessionStoreUnavailableException("Redis is not connected yet; try again shortly.");
        }

        try
        {
            return command(opening.Result.GetDatabase());
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or AggregateException)
        {
            throw new SessionStoreUnavailableException("Redis did not answer; try again shortly.", exception);
        }
    }
}
