using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.Administration;

/// <summary>What those who run the server see of a session: everything but its state.</summary>
public sealed record SessionSummary
{
    /// <summary>The session's address. Its id is the key to the room: show <see cref="Reference"/> in its place.</summary>
    public required SessionKey Key { get; init; }

    /// <summary>What the session is called where its id must not be shown.</summary>
    public string Reference => SessionReference.Of(Key.Id);

    /// <summary>Whose session it is.</summary>
    public required Caller Caller { get; init; }

    /// <inheritdoc cref="SessionRecord.Era"/>
    public required SessionEra Era { get; init; }

    /// <inheritdoc cref="SessionRecord.CreatedAt"/>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <inheritdoc cref="SessionRecord.LastActiveAt"/>
    public required DateTimeOffset LastActiveAt { get; init; }

    /// <summary>When it is over unless it is used again, by the store's clock.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <inheritdoc cref="SessionRecord.Client"/>
    public ReadOnlyMemory<byte> Client { get; init; }

    /// <summary>How many bytes of state it holds.</summary>
    public long StateBytes { get; init; }

    /// <summary>Its open streams, in no particular order.</summary>
    public IReadOnlyList<StreamSummary> Streams { get; init; } = [];

    /// <summary>The claim by which it is ended: its owner's own.</summary>
    internal SessionClaim Claim => new(Caller, Key.Id, Era);

    /// <summary>Never the id itself.</summary>
    public override string ToString() => $"{Key} ({Era})";
}

/// <summary>A stream that is open.</summary>
/// <param name="IsGeneral">Whether it is the one that belongs to no request.</param>
/// <param name="Instance">The instance that runs the request, or at which the general stream is read; null where the stream's name tells none.</param>
public sealed record StreamSummary(bool IsGeneral, string? Instance);
