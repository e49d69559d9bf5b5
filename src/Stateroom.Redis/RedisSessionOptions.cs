using StackExchange.Redis;
using Stateroom.Sessions;

namespace Stateroom.Redis;

/// <summary>How sessions are held in Redis. Checked at start-up.</summary>
public sealed class RedisSessionOptions
{
    /// <summary>
    /// The connection string, as StackExchange.Redis reads it, for instance <c>redis1:6379,redis2:6379,ssl=true</c>. Default null, which is refused unless
    /// the application gives its own connection. It may hold a password and is never logged.
    /// </summary>
    public string? Configuration { get; set; }

    /// <summary>Changes what the connection string says, for instance to add a certificate. Default null. Not used with a connection of the application's own.</summary>
    public Action<ConfigurationOptions>? ConfigureConnection { get; set; }

    /// <summary>
    /// What every key and channel begins with, so that several servers may share one Redis. Default <c>stateroom</c>; 1 to 64 letters, digits and <c>. _ - :</c>,
    /// as braces would move a key to another slot of a cluster.
    /// </summary>
    public string KeyPrefix { get; set; } = "stateroom";

    /// <summary>How long a call waits for Redis before it fails with <see cref="SessionStoreUnavailableException"/>. Default 1 second; 50 milliseconds to 1 minute.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How many commands may be under way at once, those included for which nobody waits any more; beyond that a call fails at once, so that a slow Redis
    /// does not fill the memory of this instance. Default 10,000; at least 1.
    /// </summary>
    public int MaxPendingCommands { get; set; } = 10_000;

    /// <summary>How often this instance says that it is alive. Default 3 seconds; at least 100 milliseconds.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>After how long a silent instance counts as dead. Default 10 seconds; at least twice <see cref="HeartbeatInterval"/>.</summary>
    public TimeSpan InstanceTimeout { get; set; } = TimeSpan.FromSeconds(10);
}
