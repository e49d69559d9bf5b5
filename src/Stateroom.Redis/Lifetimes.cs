using Stateroom.Sessions;

namespace Stateroom.Redis;

/// <summary>How long keys and entries live that are not sessions themselves.</summary>
internal static class Lifetimes
{
    private static readonly TimeSpan LongestOpening = TimeSpan.FromSeconds(10);

    /// <summary>How long a place in the limits is held for a session that is being opened: a call may take a second, and this instance may be slow. Never as long as it takes an entry to become doubtful by its age.</summary>
    public static TimeSpan Opening(SessionOptions options) => Min(LongestOpening, HalfIdle(options));

    /// <summary>
    /// How long an entry stands in the sets of tenant, owner and topic. It is renewed by the first use that is more than half an idle timeout after
    /// the last time, so it outlives its session by at most that half and never goes before it.
    /// </summary>
    public static TimeSpan Entry(SessionOptions options) => options.IdleTimeout + HalfIdle(options);

    /// <summary>How long the entry of a new session stands.</summary>
    public static TimeSpan NewEntry(SessionOptions options) => Min(Entry(options), options.AbsoluteLifetime ?? TimeSpan.MaxValue);

    public static TimeSpan HalfIdle(SessionOptions options) => options.IdleTimeout / 2;

    /// <summary>How long an open stream lives without a new item or a use of its session: never shorter than the session.</summary>
    public static TimeSpan OpenStream(SessionOptions options) => options.IdleTimeout + options.StreamRetention;

    /// <summary>How long tenants that were put in order for a walk stay so; a walk that takes longer has it done again.</summary>
    public static TimeSpan TenantsInOrder => TimeSpan.FromMinutes(1);

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
