using Stateroom.Sessions;

namespace Stateroom.Messaging;

/// <summary>The names of streams that more than one part knows.</summary>
public static class StreamNames
{
    /// <summary>The stream of messages that belong to no request: in the handshake era the client reads it with GET.</summary>
    public const string General = "g";

    /// <summary>The instance that fills a stream: what stands before the dot in its name; null for the general stream, which any instance may fill.</summary>
    internal static string? InstanceOf(string stream) => stream.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? stream[..dot] : null;

    /// <summary>How many streams that have ended an outbox keeps of one session, besides <see cref="SessionOptions.StreamRetention"/> and a limit in bytes.</summary>
    internal const int MaxEnded = 64;
}
