namespace Stateroom.Sessions;

/// <summary>How an attempt to open a session ended.</summary>
public enum SessionCreationStatus
{
    /// <summary>The session is open.</summary>
    Created = 0,

    /// <summary>The tenant holds <see cref="SessionOptions.MaxSessionsPerTenant"/> sessions.</summary>
    TenantLimitReached,

    /// <summary>The owner holds <see cref="SessionOptions.MaxSessionsPerOwner"/> sessions.</summary>
    OwnerLimitReached,

    /// <summary>The initial state is larger than <see cref="SessionOptions.MaxStateBytes"/>.</summary>
    StateTooLarge,

    /// <summary>What the client says of itself is larger than <see cref="SessionOptions.MaxClientBytes"/>.</summary>
    ClientTooLarge,

    /// <summary>The store goes with this instance of the server, which is stopping: the session would be lost seconds after it was opened.</summary>
    InstanceStopping,
}

/// <summary>The outcome of <see cref="ISessionStore.CreateAsync"/>.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Session">The session, if it was created; otherwise null.</param>
/// <param name="Maximum">What the limit allows that is reached or exceeded, as it applies to the tenant; otherwise 0.</param>
public readonly record struct SessionCreation(SessionCreationStatus Status, SessionRecord? Session = null, int Maximum = 0);
