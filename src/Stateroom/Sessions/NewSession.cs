using System.Collections.Immutable;
using Stateroom.Tenancy;

namespace Stateroom.Sessions;

/// <summary>A session to open.</summary>
public sealed record NewSession
{
    /// <summary>The session's id; <see cref="SessionId.New"/> by default.</summary>
    public string Id { get; init; } = SessionId.New();

    /// <summary>Whose session it will be.</summary>
    public required Caller Caller { get; init; }

    /// <summary>The era that it will belong to.</summary>
    public required SessionEra Era { get; init; }

    /// <inheritdoc cref="SessionRecord.Client"/>
    public ReadOnlyMemory<byte> Client { get; init; }

    /// <summary>The state to begin with, name and UTF-8 JSON; written together with the session, in the same round trip.</summary>
    public ImmutableArray<KeyValuePair<string, ReadOnlyMemory<byte>>> State { get; init; } = [];

    /// <summary>Never the id itself.</summary>
    public override string ToString() => $"{new SessionKey(Caller.Tenant, Id)} ({Era})";
}
