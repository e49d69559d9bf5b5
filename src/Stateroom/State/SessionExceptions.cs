using Stateroom.Sessions;

namespace Stateroom.State;

/// <summary>Something about a session that the client should be told, in words that name the fix. Tools may let it pass: it becomes a tool error with this message.</summary>
/// <param name="message">What is wrong and how to mend it; no secret.</param>
/// <param name="innerException">What caused it, if anything did.</param>
public abstract class SessionException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>The session ended, by its owner or by its deadline, while a call was using it.</summary>
public sealed class SessionEndedException() : SessionException("This session has ended. Start a new one and repeat the call.");

/// <summary>Opening a session would exceed a limit.</summary>
/// <param name="limit">The name of the limit, as in the options.</param>
/// <param name="maximum">Its value.</param>
public sealed class SessionLimitException(string limit, int maximum)
    : SessionException($"The limit {limit} ({maximum}) is reached. End a session that is no longer needed, or wait for one to expire.")
{
    /// <summary>The name of the limit, as in <see cref="SessionOptions"/>.</summary>
    public string Limit { get; } = limit;

    /// <summary>The limit's value.</summary>
    public int Maximum { get; } = maximum;
}

/// <summary>This instance of the server is stopping, and a session that it opened would be lost with it.</summary>
public sealed class InstanceStoppingException()
    : SessionException("This server is stopping and opens no more sessions. Call again shortly: another instance, or this one once it has started again, will.");

/// <summary>A write would make the session's state too large. The old state stands.</summary>
/// <param name="size">What the state would have measured, in bytes.</param>
/// <param name="maximum">What it may measure, in bytes.</param>
public sealed class SessionStateTooLargeException(long size, long maximum)
    : SessionException($"The session's state would be {size} bytes; the limit is {maximum}. Nothing was changed. Remove something and try again.")
{
    /// <summary>What the state would have measured, in bytes.</summary>
    public long Size { get; } = size;

    /// <summary>What it may measure, in bytes.</summary>
    public long Maximum { get; } = maximum;
}

/// <summary>Other calls wrote the same state first, again and again. Nothing was changed.</summary>
/// <param name="attempts">How often the write was tried.</param>
public sealed class SessionStateConflictException(int attempts)
    : SessionException($"Other calls of this session changed the same state each of the {attempts} times this one tried. Nothing was changed; try again.")
{
    /// <summary>How often the write was tried.</summary>
    public int Attempts { get; } = attempts;
}

/// <summary>What is stored does not read as the type that was asked for: an older or newer version of the program wrote it.</summary>
public sealed class SessionStateFormatException : SessionException
{
    /// <summary>Says that the value does not fit the type.</summary>
    /// <param name="type">The type that was asked for.</param>
    /// <param name="innerException">What the serializer said.</param>
    public SessionStateFormatException(Type type, Exception innerException)
        : base($"The stored state does not read as {NameOf(type)}. Clear it or start a new session.", innerException)
    {
    }

    /// <summary>Says that a newer version wrote the value.</summary>
    /// <param name="type">The type that was asked for.</param>
    /// <param name="format">The number of the format that is stored.</param>
    /// <param name="newestKnown">The number of the newest format that this version reads.</param>
    public SessionStateFormatException(Type type, int format, int newestKnown)
        : base($"The stored state {NameOf(type)} has format {format}; this version of the server reads up to {newestKnown}. It was left as it is: use the newer version, or start a new session.")
    {
    }

    private static string NameOf(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return type.Name;
    }
}
