namespace Stateroom.AspNetCore.Handshake;

/// <summary>How the HTTP side of an exchange goes on.</summary>
internal enum ExchangeOutcome
{
    /// <summary>The response is there, and nothing came before it: one JSON body.</summary>
    Response,

    /// <summary>Messages come in the stream <see cref="Exchange.Stream"/>.</summary>
    Streaming,

    /// <summary>There will be no response: the client withdrew the request.</summary>
    Cancelled,

    /// <summary>There will be no response: the session ended.</summary>
    Ended,
}
