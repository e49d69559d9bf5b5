namespace Stateroom.Cli.BrokenServer;

/// <summary>A session, its owner and when it was last used.</summary>
internal sealed class Session(string id, string owner, long now)
{
    /// <summary>Two instances may serve a session; each request goes to the next one.</summary>
    private const int Instances = 2;

    private readonly bool[] _ended = new bool[Instances];
    private int _requests;
    private Room _room = Room.Empty;

    public string Id => id;

    public string Owner => owner;

    public long LastUsed { get; set; } = now;

    public Room Room => Volatile.Read(ref _room);

    /// <summary>The instance that serves the next request.</summary>
    public int NextInstance() => Interlocked.Increment(ref _requests) % Instances;

    public bool HasEnded(int instance) => _ended[instance];

    public void EndAt(int instance) => _ended[instance] = true;

    public void EndEverywhere() => Array.Fill(_ended, true);

    public void Revive() => Array.Fill(_ended, false);

    /// <summary>Replaces the room whatever it holds now.</summary>
    public void Overwrite(Room room) => Volatile.Write(ref _room, room);

    /// <summary>Replaces the room if it is still the one that was read: that very one, for another may be equal to it.</summary>
    public bool TryReplace(Room read, Room room) => ReferenceEquals(Interlocked.CompareExchange(ref _room, room, read), read);
}
