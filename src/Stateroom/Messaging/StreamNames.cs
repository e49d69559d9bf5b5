namespace Stateroom.Messaging;

/// <summary>The names of a session's streams.</summary>
public static class StreamNames
{
    /// <summary>The stream for messages that belong to no request: the one that a client opens with GET.</summary>
    public const string General = "g";
}
