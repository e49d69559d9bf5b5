namespace Stateroom.Sessions;

/// <summary>A conditional write of one entry of a session's state.</summary>
/// <param name="Name">The entry's name.</param>
/// <param name="ExpectedVersion">The version that the writer has seen; 0 if it saw no such entry.</param>
/// <param name="Data">The new value, UTF-8 JSON; null takes the entry away: see <see cref="Remove"/>.</param>
public readonly record struct StateWrite(string Name, long ExpectedVersion, ReadOnlyMemory<byte>? Data)
{
    /// <summary>The write that takes an entry away. Said so because a null array, or a conditional with one, becomes an empty value and not null.</summary>
    /// <param name="name">The entry's name.</param>
    /// <param name="expectedVersion">The version that the writer has seen.</param>
    public static StateWrite Remove(string name, long expectedVersion) => new(name, expectedVersion, null);

    /// <summary>Whether the value was made for this write, of its exact size, and nobody changes it: a store may keep it as it is.</summary>
    internal bool IsFinal { get; init; }
}

/// <summary>How a write ended.</summary>
public enum StateWriteStatus
{
    /// <summary>The entry is written.</summary>
    Written = 0,

    /// <summary>Somebody else wrote first; nothing was changed. <see cref="StateWriteResult.Entry"/> is what is there.</summary>
    Conflict,

    /// <summary>The session is unknown, expired, ended or somebody else's; nothing was changed.</summary>
    NotFound,

    /// <summary>The session's state would be larger than <see cref="SessionOptions.MaxStateBytes"/>; the old state stands.</summary>
    TooLarge,
}

/// <summary>The outcome of <see cref="ISessionStore.WriteStateAsync"/>.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Entry">The entry as the store holds it now, when written or in conflict; otherwise null.</param>
/// <param name="StateBytes">How large the session's state would have been, in bytes, when it is too large; otherwise 0.</param>
/// <param name="MaxStateBytes">What it may be at the most for the tenant, when it is too large; otherwise 0.</param>
public readonly record struct StateWriteResult(StateWriteStatus Status, StateEntry? Entry = null, long StateBytes = 0, int MaxStateBytes = 0);
