namespace Stateroom.Sessions;

/// <summary>How long sessions live and how much they may hold. Checked at start-up; every fault is reported at once.</summary>
public sealed class SessionOptions
{
    /// <summary>How long a session lives without being used; each use begins the time anew. Default 30 minutes; at least 1 second, at most 365 days.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a session lives at the most, however much it is used. Default null: an active session lives on. Not shorter than <see cref="IdleTimeout"/>.</summary>
    public TimeSpan? AbsoluteLifetime { get; set; }

    /// <summary>How often the in-process store removes what has expired. Expiry itself is checked on every access and does not wait for this. Default 5 minutes; at least 1 second.</summary>
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How many sessions a tenant may hold. Default 1,000; at least 1. The next one is refused.</summary>
    public int MaxSessionsPerTenant { get; set; } = 1_000;

    /// <summary>How many sessions one owner may hold; of anonymous callers, each network address that they call from. Default 50; at least 1. The next one is refused.</summary>
    public int MaxSessionsPerOwner { get; set; } = 50;

    /// <summary>How many bytes of state a session may hold, all its entries together, as UTF-8 JSON. Default 262,144 (256 KiB); at least 1,024.</summary>
    public int MaxStateBytes { get; set; } = 256 * 1024;

    /// <summary>How many bytes of what a client says of itself are kept with its session. Default 8,192 (8 KiB); at least 1,024. A client that says more is refused.</summary>
    public int MaxClientBytes { get; set; } = 8 * 1024;

    /// <summary>How many resources a session may be subscribed to at one time. Default 256; at least 1. The next subscription is refused.</summary>
    public int MaxSubscriptions { get; set; } = 256;

    /// <summary>
    /// How many requests of a session may be answered by event streams at one time. Default 16; at least 1. A further request is answered without a stream.
    /// </summary>
    public int MaxStreams { get; set; } = 16;

    /// <summary>How many messages a stream of a session keeps for a client that is away. Default 256; at least 1.</summary>
    public int MaxOutboxMessages { get; set; } = 256;

    /// <summary>How many bytes of messages a stream of a session keeps for a client that is away. Default 1,048,576 (1 MiB); at least 1,024.</summary>
    public int MaxOutboxBytes { get; set; } = 1024 * 1024;

    /// <summary>How long the stream of a finished request can still be resumed. Default 5 minutes; more than zero.</summary>
    public TimeSpan StreamRetention { get; set; } = TimeSpan.FromMinutes(5);
}
