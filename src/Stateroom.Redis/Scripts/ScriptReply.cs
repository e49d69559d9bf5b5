using StackExchange.Redis;

namespace Stateroom.Redis.Scripts;

/// <summary>What a script answered: a status, the time, and what else it says of itself.</summary>
/// <param name="values">The script's answer.</param>
internal readonly struct ScriptReply(RedisResult[] values)
{
    /// <summary>The caller had stopped waiting.</summary>
    public const int Late = -1;

    /// <summary>A newer version of the format holds it.</summary>
    public const int Newer = -2;

    /// <summary>What it means otherwise stands at the head of each script.</summary>
    public int Status => (int)values[0];

    /// <summary>The server's time, in milliseconds since 1970.</summary>
    public long Now => (long)values[1];

    public long Number(int index) => (long)values[index];

    public byte[] Bytes(int index) => (byte[])values[index]!;

    public RedisResult[] List(int index) => (RedisResult[])values[index]!;

    public int Count => values.Length;

    public static DateTimeOffset Moment(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
