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
internal sealed class RedisKeyRing(RedisConnection connection, RedisKeys keys, IOptions<RedisSessionOptions> options) : IXmlRepository
{
    private const string KeyName = "key-";

    private long _seen;

    /// <exception cref="SessionStoreUnavailableException">Redis cannot be reached.</exception>
    public IReadOnlyCollection<XElement> GetAllElements() => Run(database =>
    {
        var elements = database.ListRange(keys.KeyRing, flags: CommandFlags.DemandMaster);
        Volatile.Write(ref _seen, elements.Length);
        return elements.Select(e => XElement.Parse(e!)).ToList();
    });

    /// <remarks>A new key is dropped if another came since this instance last looked; a revocation never is.</remarks>
    /// <exception cref="SessionStoreUnavailableException">Redis cannot be reached.</exception>
    public void StoreElement(XElement element, string friendlyName) => Run(database =>
    {
        var transaction = database.CreateTransaction();
        if (friendlyName.StartsWith(KeyName, StringComparison.Ordinal))
        {
            transaction.AddCondition(Condition.ListLengthEqual(keys.KeyRing, Volatile.Read(ref _seen)));
        }

        _ = transaction.ListRightPushAsync(keys.KeyRing, element.ToString(SaveOptions.DisableFormatting));
        return transaction.Execute();
    });

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
