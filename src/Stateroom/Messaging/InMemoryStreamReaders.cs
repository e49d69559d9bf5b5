using System.Collections.Concurrent;
using Stateroom.Sessions;

namespace Stateroom.Messaging;

/// <summary>Notes the readers of this process: as many as there are open streams.</summary>
public sealed class InMemoryStreamReaders : IStreamReaders
{
    private readonly ConcurrentDictionary<SessionKey, string> _readers = new();

    /// <inheritdoc/>
    public ValueTask NoteAsync(SessionKey session, string reader, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reader);
        cancellationToken.ThrowIfCancellationRequested();
        _readers[session] = reader;
        return default;
    }

    /// <inheritdoc/>
    public ValueTask ForgetAsync(SessionKey session, string reader, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reader);
        cancellationToken.ThrowIfCancellationRequested();
        _readers.TryRemove(new(session, reader));
        return default;
    }

    /// <summary>Who reads a session's general stream; null if nobody does.</summary>
    internal string? Find(SessionKey session) => _readers.GetValueOrDefault(session);
}
