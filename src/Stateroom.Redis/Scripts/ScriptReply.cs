using StackExchange.Redis;
using Stateroom.Redis.Sessions;
using Stateroom.Sessions;

namespace Stateroom.Redis.Scripts;

/// <summary>
/// What a script answered. A list: a status, the time, and what else it says of itself. Or, of those that every call runs, status 1 in one piece: the time and a text,
/// as a list costs Redis about as much as a command does.
/// </summary>
internal readonly struct ScriptReply
{
    /// <summary>The caller had stopped waiting.</summary>
    public const int Late = -1;

    /// <summary>A newer version of the format holds it.</summary>
    public const int Newer = -2;

    private readonly RedisResult[] _list;
    private readonly byte[]? _piece;

    /// <param name="answer">The script's answer.</param>
    public ScriptReply(RedisResult answer)
    {
        _piece = answer.Resp2Type == ResultType.BulkString ? (byte[])answer! : null;
        _list = _piece is null ? (RedisResult[])answer! : [];
    }

    /// <summary>What it means otherwise stands at the head of each script.</summary>
    public int Status => _piece is null ? (int)_list[0] : 1;

    /// <summary>The server's time, in milliseconds since 1970.</summary>
    public long Now => _piece is null ? (long)_list[1] : Int48.Read(_piece);

    /// <summary>The text behind the time, of either form.</summary>
    public ReadOnlyMemory<byte> Text => _piece is null ? Bytes(2) : _piece.AsMemory(Int48.Size);

    /// <summary>What the caller is told where the script did nothing for it; null where it did.</summary>
    public SessionStoreUnavailableException? Refusal => Status switch
    {
        Late => new("Redis answered too late; nothing was changed. Try again shortly."),
        Newer => new("A newer version of this program wrote the session, and this one cannot read it. Finish the update."),
        _ => null,
    };

    public long Number(int index) => (long)_list[index];

    public byte[] Bytes(int index) => (byte[])_list[index]!;

    public RedisResult[] List(int index) => (RedisResult[])_list[index]!;

    /// <summary>How much the list says; 0 for an answer in one piece.</summary>
    public int Count => _list.Length;

    public static DateTimeOffset Moment(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
