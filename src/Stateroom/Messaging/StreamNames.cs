using Stateroom.Sessions;

namespace Stateroom.Messaging;

/// <summary>The names of streams that more than one part knows.</summary>
public static class StreamNames
{
    /// <summary>The stream of messages that belong to no request: in the handshake era the client reads it with GET.</summary>
    public const string General = "g";

    /// <summary>How many streams that have ended an outbox keeps of one session, besides <see cref="SessionOptions.StreamRetention"/> and a limit in bytes.</summary>
    internal const int MaxEnded = 64;
}
