namespace Stateroom.Sessions;

/// <summary>The session store could not be reached or did not answer in time. The request was not served from anything else.</summary>
public sealed class SessionStoreUnavailableException : Exception
{
    /// <summary>Says that the store is unavailable.</summary>
    public SessionStoreUnavailableException()
        : this("The session store is unavailable; try again shortly.")
    {
    }

    /// <summary>Says what is unavailable.</summary>
    /// <param name="message">What happened; no secret and no connection string.</param>
    public SessionStoreUnavailableException(string message)
        : base(message)
    {
    }

    /// <summary>Says what is unavailable and why.</summary>
    /// <param name="message">What happened; no secret and no connection string.</param>
    /// <param name="innerException">What the store's client threw.</param>
    public SessionStoreUnavailableException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
