namespace Stateroom.Sessions;

/// <summary>One named piece of a session's state, as the store holds it.</summary>
/// <param name="Name">The name, unique in the session.</param>
/// <param name="Version">Grows with every write to the session; 0 stands for an entry that is not there.</param>
/// <param name="Data">The value, UTF-8 JSON. Empty when the entry is not there.</param>
public sealed record StateEntry(string Name, long Version, ReadOnlyMemory<byte> Data)
{
    /// <summary>The entry of that name in a session that holds none.</summary>
    /// <param name="name">The name that was asked for.</param>
    public static StateEntry Absent(string name) => new(name, 0, ReadOnlyMemory<byte>.Empty);

    /// <summary>Whether the session holds this entry.</summary>
    public bool Exists => Version != 0;
}
