namespace Stateroom.Isolation.Tests.Hostile;

/// <summary>A session as the model knows it: whose it is, whether it lives, and what it holds.</summary>
internal sealed class Room(int number, Actor owner, string id, bool isHandle)
{
    public int Number => number;

    public Actor Owner => owner;

    /// <summary>The header's id, or the handle.</summary>
    public string Id => id;

    /// <summary>Whether it is of the stateless era.</summary>
    public bool IsHandle => isHandle;

    public bool Alive { get; set; } = true;

    public SortedDictionary<string, string> Places { get; } = new(StringComparer.Ordinal);

    public string Units { get; set; } = "metric";

    public int Calls { get; set; }

    public override string ToString() => $"{(isHandle ? "handle" : "session")} {number} of {owner}{(Alive ? "" : ", ended")}";
}
