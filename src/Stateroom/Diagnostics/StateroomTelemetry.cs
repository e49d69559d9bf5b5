namespace Stateroom.Diagnostics;

/// <summary>The names under which this library tells what it does. What each means and what to do about it: <c>docs/telemetry.md</c>.</summary>
public static class StateroomTelemetry
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Stateroom";

    /// <summary>Counter: sessions that were opened, by <see cref="Tenant"/> and <see cref="Era"/>.</summary>
    public const string SessionsOpened = "stateroom.sessions.opened";

    /// <summary>Counter: sessions that were ended, by <see cref="Tenant"/> and <see cref="EndReason"/>.</summary>
    public const string SessionsEnded = "stateroom.sessions.ended";

    /// <summary>Gauge: sessions that the backend holds, by <see cref="Tenant"/> and <see cref="Era"/>.</summary>
    public const string SessionsLive = "stateroom.sessions.live";

    /// <summary>Counter: look-ups of sessions, by <see cref="Era"/> and <see cref="Outcome"/>.</summary>
    public const string SessionLookups = "stateroom.session.lookups";

    /// <summary>Counter: conditional writes of state, by <see cref="Tenant"/> and <see cref="Outcome"/>.</summary>
    public const string StateWrites = "stateroom.state.writes";

    /// <summary>Counter: further attempts of updates that had lost to another writer, by <see cref="Tenant"/>.</summary>
    public const string StateRetries = "stateroom.state.retries";

    /// <summary>Counter: updates that lost every attempt and failed, by <see cref="Tenant"/>.</summary>
    public const string StateAbandoned = "stateroom.state.abandoned";

    /// <summary>Histogram, in seconds: how long the backend took, by <see cref="Operation"/> and <c>error.type</c>.</summary>
    public const string StoreDuration = "stateroom.store.operation.duration";

    /// <summary>Counter: items that were added to streams of outboxes, by <see cref="Outcome"/>.</summary>
    public const string OutboxAppended = "stateroom.outbox.appended";

    /// <summary>Histogram: how many messages a stream held for its client when they were fetched.</summary>
    public const string OutboxDepth = "stateroom.outbox.depth";

    /// <summary>Counter: reads of a stream that found messages gone which the client had not seen.</summary>
    public const string OutboxGaps = "stateroom.outbox.gaps";

    /// <summary>Gauge: how much a tenant uses of a limit, by <see cref="Tenant"/> and <see cref="Limit"/>.</summary>
    public const string LimitUsed = "stateroom.limit.used";

    /// <summary>Gauge: how much a tenant may use of a limit, by <see cref="Tenant"/> and <see cref="Limit"/>.</summary>
    public const string LimitMaximum = "stateroom.limit.maximum";

    /// <summary>Tag: the tenant, where <see cref="TelemetryOptions"/> let its name be known; otherwise <see cref="OtherTenants"/>.</summary>
    public const string Tenant = "stateroom.tenant";

    /// <summary>Tag: the era of the protocol, <c>handshake</c> or <c>stateless</c>.</summary>
    public const string Era = "stateroom.era";

    /// <summary>Tag: why a session ended, <c>client</c>, <c>administrator</c> or <c>expired</c>.</summary>
    public const string EndReason = "stateroom.end.reason";

    /// <summary>Tag: how something ended, one of a few words.</summary>
    public const string Outcome = "stateroom.outcome";

    /// <summary>Tag: what the backend was asked for.</summary>
    public const string Operation = "stateroom.operation";

    /// <summary>Tag: the name of a limit, as the settings have it.</summary>
    public const string Limit = "stateroom.limit";

    /// <summary>The value of <see cref="Tenant"/> for all tenants whose names are not told.</summary>
    public const string OtherTenants = "other";

    /// <summary>The value of <see cref="Tenant"/> for callers without a credential.</summary>
    public const string AnonymousCallers = "anonymous";
}
