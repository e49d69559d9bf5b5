using Stateroom.Messaging;
using Stateroom.Redis.Scripts;
using Stateroom.Sessions;

namespace Stateroom.Redis.Messaging;

/// <summary>The scripts that work on a session's streams and belongings, each a method.</summary>
internal sealed class StreamScripts(ScriptRunner runner, RedisKeys keys, SessionOptions options)
{
    private static readonly RedisScript Appending = new("Stream", "Append");
    private static readonly RedisScript Reading = new("Stream", "Read");
    private static readonly RedisScript Marking = new("Stream", "MarkDelivered");
    private static readonly RedisScript Subscribing = new("Subscribe");
    private static readonly RedisScript Removing = new("Remove");

    /// <summary>Status 1: added, with [2] position, [3] names of streams whose time is over early; 0: dropped.</summary>
    public Task<ScriptReply> AppendAsync(string tag, string stream, char kind, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        runner.RunAsync(
            Appending,
            [keys.Stream(tag, stream), keys.Gone(tag), keys.Belongings(tag)],
            [
                default, kind.ToString(), data.ToArray(), options.MaxOutboxMessages, options.MaxOutboxBytes,
                Milliseconds(Lifetimes.OpenStream(options)), Milliseconds(options.StreamRetention), Belonging.MarkOf(stream), stream,
                options.MaxStreams, StreamNames.MaxEnded, (long)options.MaxStreams * options.MaxOutboxBytes,
            ],
            cancellationToken);

    /// <summary>Status 1: there is such a stream, with [2] trimmed, [3] delivered, [4] last, [5] ended, [6] positions and items.</summary>
    public Task<ScriptReply> ReadAsync(string tag, string stream, long after, CancellationToken cancellationToken) =>
        runner.RunAsync(Reading, [keys.Stream(tag, stream)], [default, after], cancellationToken);

    public Task<ScriptReply> MarkDeliveredAsync(string tag, string stream, long position, CancellationToken cancellationToken) =>
        runner.RunAsync(Marking, [keys.Stream(tag, stream)], [default, position], cancellationToken);

    /// <summary>Status 1: noted; 0: the session was ended; 2: it has as many topics of the kind as it may.</summary>
    public Task<ScriptReply> SubscribeAsync(string tag, Topic topic, CancellationToken cancellationToken) =>
        runner.RunAsync(
            Subscribing, [keys.Gone(tag), keys.Belongings(tag)],
            [
                default, RedisKeys.TopicText(topic), Milliseconds(Lifetimes.OpenStream(options)),
                topic.Kind == TopicKind.Resource ? options.MaxSubscriptions : 0,
            ],
            cancellationToken);

    /// <summary>Status 1, with [2] what the session's belongings were.</summary>
    public Task<ScriptReply> RemoveAsync(string tag, CancellationToken cancellationToken) =>
        runner.RunAsync(Removing, [keys.Gone(tag), keys.Belongings(tag)], [default, Milliseconds(options.StreamRetention)], cancellationToken);

    private static long Milliseconds(TimeSpan span) => (long)span.TotalMilliseconds;
}
