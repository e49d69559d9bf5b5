namespace Stateroom.Cli.Verify.Histories;

/// <summary>One way in which things may stand at a moment of a history.</summary>
/// <param name="State">The value.</param>
/// <param name="Done">Which of the operations in progress have taken effect, by slot.</param>
/// <param name="Late">Which of the operations without an answer have, by slot.</param>
internal readonly record struct Configuration(long State, UInt128 Done, UInt128 Late)
{
    /// <summary>Whether everything that is possible from the other is possible from here.</summary>
    public bool Covers(in Configuration other) => State == other.State && Done == other.Done && (Late & ~other.Late) == UInt128.Zero;
}
