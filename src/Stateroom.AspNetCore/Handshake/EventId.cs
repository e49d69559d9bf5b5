using System.Globalization;
using Stateroom.Messaging;

namespace Stateroom.AspNetCore.Handshake;

/// <summary>A position in a stream of a session, as the SSE id that a client sends back in <c>Last-Event-ID</c>. Worth nothing without the session.</summary>
internal readonly record struct EventId(string Stream, long Position)
{
    private const int LongestStream = 64;

    public bool IsGeneral => Stream == StreamNames.General;

    public static bool TryParse(string text, out EventId id)
    {
        var dot = text.LastIndexOf('.');
        if (dot is > 0 and <= LongestStream
            && long.TryParse(text.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var position))
        {
            id = new EventId(text[..dot], position);
            return true;
        }

        id = default;
        return false;
    }
}
