using Microsoft.Extensions.Options;
using StackExchange.Redis;
using Stateroom.Messaging;
using Stateroom.Redis.Connection;
using Stateroom.Redis.Scripts;
using Stateroom.Sessions;

namespace Stateroom.Redis.Messaging;

/// <summary>Notes readers among the belongings of their sessions.</summary>
internal sealed class RedisStreamReaders(RedisCommands commands, ScriptRunner runner, RedisKeys keys, IOptions<SessionOptions> options) : IStreamReaders
{
    private static readonly RedisScript Noting = new("NoteReader");

    /// <summary>Longer than a stream stays open: a note goes with its reader, or with its session.</summary>
    private static readonly TimeSpan Note = TimeSpan.FromDays(365);

    public async ValueTask NoteAsync(SessionKey session, string reader, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var tag = RedisKeys.Tag(session);
        await runner.RunAsync(
            Noting,
            [keys.Gone(tag), keys.Belongings(tag)],
            [default, Belonging.ReaderMark + reader, (long)Lifetimes.OpenStream(options.Value).TotalMilliseconds, (long)Note.TotalMilliseconds],
            cancellationToken);
    }

    public async ValueTask ForgetAsync(SessionKey session, string reader, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var belongings = keys.Belongings(RedisKeys.Tag(session));
        await commands.RunAsync(database => database.SortedSetRemoveAsync(belongings, Belonging.ReaderMark + reader, CommandFlags.DemandMaster), cancellationToken);
    }
}
