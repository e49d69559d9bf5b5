namespace Stateroom.Redis.Sessions;

/// <summary>What the scripts keep at the beginning of a session: seven little-endian integers of six bytes, the times in milliseconds of Redis's clock.</summary>
/// <param name="CreatedAt">When it was opened.</param>
/// <param name="EndsAt">When it ends however much it is used; 0 for never.</param>
/// <param name="UsedAt">When it was last used.</param>
/// <param name="Deadline">When it is over unless it is used again.</param>
/// <param name="Bytes">How many bytes of state it holds.</param>
internal readonly record struct SessionTimes(long CreatedAt, long EndsAt, long UsedAt, long Deadline, long Bytes)
{
    /// <summary>How many bytes they take.</summary>
    public const int Size = 7 * Int48.Size;

    public static SessionTimes Read(ReadOnlySpan<byte> field) => new(Number(field, 0), Number(field, 1), Number(field, 2), Number(field, 3), Number(field, 6));

    private static long Number(ReadOnlySpan<byte> field, int index) => Int48.Read(field[(index * Int48.Size)..]);
}
