using Stateroom.Sessions;

namespace Stateroom.Messaging;

/// <summary>Notes where the general streams of sessions are read, for those who run the server to see. Nothing else depends on it.</summary>
/// <remarks>A reader's name is that of its instance, a dot, and a part of its own.</remarks>
public interface IStreamReaders
{
    /// <summary>Notes who reads a session's general stream, in the place of who did before.</summary>
    /// <param name="session">The session; where it is over nothing is noted for long.</param>
    /// <param name="reader">The reader.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SessionStoreUnavailableException">The store did not answer in time.</exception>
    ValueTask NoteAsync(SessionKey session, string reader, CancellationToken cancellationToken);

    /// <summary>Forgets a reader that has left; one that came after it stays noted.</summary>
    /// <param name="session">The session.</param>
    /// <param name="reader">The reader.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SessionStoreUnavailableException">The store did not answer in time.</exception>
    ValueTask ForgetAsync(SessionKey session, string reader, CancellationToken cancellationToken);
}
