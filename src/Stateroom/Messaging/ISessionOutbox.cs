using Stateroom.Sessions;

namespace Stateroom.Messaging;

/// <summary>What a stream of a session holds at one position.</summary>
public enum OutboxItemKind
{
    /// <summary>A JSON-RPC message for the client.</summary>
    Message = 0,

    /// <summary>The response that the request asked for ends here; nothing follows.</summary>
    End,

    /// <summary>The connection may close here; the client comes back for what follows.</summary>
    Pause,

    /// <summary>The stream of a request begins; it holds the request's id as JSON, for the case that its instance dies before the response.</summary>
    Begin,
}

/// <summary>One item of a stream.</summary>
/// <param name="Position">Its place in the stream, from 1.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Data">The message as UTF-8 JSON; for <see cref="OutboxItemKind.Pause"/> the time until the client should come back, in milliseconds as text; otherwise empty.</param>
public sealed record OutboxItem(long Position, OutboxItemKind Kind, ReadOnlyMemory<byte> Data);

/// <summary>What <see cref="ISessionOutbox.ReadAsync"/> found.</summary>
/// <param name="Exists">Whether there is such a stream.</param>
/// <param name="Items">The items after the position that was asked for, in order.</param>
/// <param name="Trimmed">Whether items after the position that was asked for are no longer held.</param>
/// <param name="Delivered">The last position that was handed to the client; 0 for none.</param>
/// <param name="Last">The last position of the stream; 0 for none.</param>
/// <param name="Ended">Whether the stream has its <see cref="OutboxItemKind.End"/>, so that nothing will follow.</param>
public sealed record OutboxPage(bool Exists, IReadOnlyList<OutboxItem> Items, bool Trimmed, long Delivered = 0, long Last = 0, bool Ended = false);

/// <summary>
/// Holds the messages of a session's streams until their client has them, bounded by <see cref="SessionOptions.MaxOutboxMessages"/> and
/// <see cref="SessionOptions.MaxOutboxBytes"/>: where a stream is full its oldest item goes, and a reader behind it is told so. The newest item, a JSON-RPC
/// response, and the beginning and the end of a stream never go. A stream that has ended is kept for <see cref="SessionOptions.StreamRetention"/>; the oldest of
/// them go earlier where a session has more than 64, or where they hold more bytes than all its open streams may.
/// </summary>
public interface ISessionOutbox
{
    /// <summary>Adds an item to a stream. Tells nobody: a <see cref="SessionSignal.Nudge"/> is the caller's to send.</summary>
    /// <remarks>
    /// The stream of a request begins with <see cref="OutboxItemKind.Begin"/>, which is refused where the session has <see cref="SessionOptions.MaxStreams"/> of them
    /// that have not ended; <see cref="StreamNames.General"/> begins with whatever comes first and does not count.
    /// </remarks>
    /// <param name="session">The session.</param>
    /// <param name="stream">The stream's name within the session.</param>
    /// <param name="kind">What the item is.</param>
    /// <param name="data">As in <see cref="OutboxItem"/>.</param>
    /// <param name="cancellationToken">Ends the wait; whether the item was added is then unknown.</param>
    /// <returns>The item's position; 0 if it was dropped, because the session was removed, the stream has ended or never began, or no further stream may begin.</returns>
    /// <exception cref="SessionStoreUnavailableException">The outbox did not answer in time.</exception>
    ValueTask<long> AppendAsync(SessionKey session, string stream, OutboxItemKind kind, ReadOnlyMemory<byte> data, CancellationToken cancellationToken);

    /// <summary>Reads what a stream holds after a position.</summary>
    /// <param name="session">The session.</param>
    /// <param name="stream">The stream's name within the session.</param>
    /// <param name="after">The last position that the reader has; 0 for none.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SessionStoreUnavailableException">The outbox did not answer in time.</exception>
    ValueTask<OutboxPage> ReadAsync(SessionKey session, string stream, long after, CancellationToken cancellationToken);

    /// <summary>Notes up to which position a stream was handed to its client, so that a reader who does not say where it was is not given the same again.</summary>
    /// <param name="session">The session.</param>
    /// <param name="stream">The stream's name within the session; where there is no such stream nothing happens.</param>
    /// <param name="position">The position of the last item that was handed over; one that is lower than a position noted before changes nothing.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask MarkDeliveredAsync(SessionKey session, string stream, long position, CancellationToken cancellationToken);

    /// <summary>Lists the streams of a session's requests that have not ended, those that count for <see cref="SessionOptions.MaxStreams"/>.</summary>
    /// <param name="session">The session.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SessionStoreUnavailableException">The outbox did not answer in time.</exception>
    ValueTask<IReadOnlyList<string>> FindOpenAsync(SessionKey session, CancellationToken cancellationToken);

    /// <summary>Remembers that a session wants to hear of a topic.</summary>
    /// <param name="session">The session.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>
    /// Whether it is remembered, now or from before; false where the session was removed, or is subscribed to <see cref="SessionOptions.MaxSubscriptions"/> resources.
    /// Lists do not count.
    /// </returns>
    /// <exception cref="SessionStoreUnavailableException">The outbox did not answer in time.</exception>
    ValueTask<bool> SubscribeAsync(SessionKey session, Topic topic, CancellationToken cancellationToken);

    /// <summary>Forgets that a session wants to hear of a topic.</summary>
    /// <param name="session">The session.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask UnsubscribeAsync(SessionKey session, Topic topic, CancellationToken cancellationToken);

    /// <summary>Lists the sessions that want to hear of a topic.</summary>
    /// <param name="tenant">Of which tenant; null for all.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<IReadOnlyList<SessionKey>> FindSubscribersAsync(Tenancy.TenantId? tenant, Topic topic, CancellationToken cancellationToken);

    /// <summary>Drops all that is held for a session. What is added to it late is dropped too.</summary>
    /// <param name="session">The session.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask RemoveAsync(SessionKey session, CancellationToken cancellationToken);
}
