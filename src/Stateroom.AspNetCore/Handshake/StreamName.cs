using Stateroom.Sessions;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>The names of the streams of requests: the instance that runs the request, and a part of its own. The general stream has no dot in its name.</summary>
internal static class StreamName
{
    private const int OwnLength = 8;

    public static string New(string instance) => $"{instance}.{SessionId.New()[..OwnLength]}";
}
