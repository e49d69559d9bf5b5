using System.Collections.Immutable;

namespace Stateroom.Sessions;

/// <summary>A session as it was at one moment. Immutable: a change is a write to the <see cref="ISessionStore"/>.</summary>
public sealed record SessionRecord
{
    /// <summary>The session's address.</summary>
    public required SessionKey Key { get; init; }

    /// <summary>The owner within the tenant, the only one who may use the session.</summary>
    public required string Owner { get; init; }

    /// <summary>The era that the session belongs to.</summary>
    public required SessionEra Era { get; init; }

    /// <summary>When it was opened, by the store's clock.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last used, by the store's clock.</summary>
    public required DateTimeOffset LastActiveAt { get; init; }

    /// <summary>
    /// What the client said of itself at <c>initialize</c> (revision, name, capabilities), in the endpoint's own format; empty in the stateless era,
    /// where each request says it anew.
    /// </summary>
    public ReadOnlyMemory<byte> Client { get; init; }

    /// <summary>The session's state, in no particular order.</summary>
    public ImmutableArray<StateEntry> State { get; init; } = [];

    /// <summary>Finds an entry of the state.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The entry, or one that does not <see cref="StateEntry.Exists">exist</see>.</returns>
    public StateEntry FindState(string name) => State.Find(name);

    /// <summary>The record with an entry put in the place of its namesake, or taken away if the entry does not exist.</summary>
    /// <param name="entry">The entry as it is now.</param>
    public SessionRecord With(StateEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return this with { State = State.With(entry) };
    }
}
