using Stateroom.Administration;
using Stateroom.Messaging;

namespace Stateroom.Redis.Messaging;

/// <summary>
/// A member of a session's belongings, as Append.lua, Subscribe.lua and NoteReader.lua write it: a mark, then a topic's text, a stream's name or a reader's.
/// A stream that has ended has its bytes before its name: <c>e512:name</c>.
/// </summary>
internal static class Belonging
{
    public const char TopicMark = 't';

    /// <summary>Who reads the general stream.</summary>
    public const char ReaderMark = 'r';

    private const char EndedMark = 'e';
    private const char OpenMark = 'o';

    /// <summary>The mark of a stream while it is open: <c>o</c> for that of a request, which counts for the limit, <c>s</c> for the general one.</summary>
    public static string MarkOf(string stream) => stream == StreamNames.General ? "s" : "o";

    /// <summary>Whether it is the stream of a request that has not ended.</summary>
    public static bool IsOpenRequest(string member) => member[0] == OpenMark;

    /// <summary>Whether it is a stream.</summary>
    public static bool IsStream(string member) => member[0] is not (TopicMark or ReaderMark);

    /// <summary>The stream's name.</summary>
    public static string StreamOf(string member) => member[0] == EndedMark ? member[(member.IndexOf(':', StringComparison.Ordinal) + 1)..] : member[1..];

    /// <summary>The open stream that it tells of: that of a request, or the general one while somebody reads it; null if it is something else.</summary>
    public static StreamSummary? OpenStream(string member) => member[0] is OpenMark or ReaderMark
        ? new StreamSummary(member[0] == ReaderMark, StreamNames.InstanceOf(member[1..]))
        : null;
}
