using Stateroom.Sessions;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>The names of the streams of requests: the instance that runs the request, and a part of its own. The general stream has no dot in its name.</summary>
internal static class StreamName
{
    private const int OwnLength = 8;

    public static string New(string instance) => $"{instance}.{SessionId.New()[..OwnLength]}";

    /// <summary>The instance that fills a stream; null for the general stream, which any instance may.</summary>
    public static string? InstanceOf(string stream) => stream.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? stream[..dot] : null;
}
