using Stateroom.Messaging;

namespace Stateroom.Redis.Messaging;

/// <summary>
/// A member of a session's belongings, as Append.lua and Subscribe.lua write it: a mark, then a topic's text or a stream's name.
/// A stream that has ended has its bytes before its name: <c>e512:name</c>.
/// </summary>
internal static class Belonging
{
    public const char TopicMark = 't';

    private const char EndedMark = 'e';

    /// <summary>The mark of a stream while it is open: <c>o</c> for that of a request, which counts for the limit, <c>s</c> for the general one.</summary>
    public static string MarkOf(string stream) => stream == StreamNames.General ? "s" : "o";

    /// <summary>Whether it is the stream of a request that has not ended.</summary>
    public static bool IsOpenRequest(string member) => member[0] == 'o';

    /// <summary>The stream's name.</summary>
    public static string StreamOf(string member) => member[0] == EndedMark ? member[(member.IndexOf(':', StringComparison.Ordinal) + 1)..] : member[1..];
}
