namespace Stateroom.Cli.Verify.Histories;

/// <summary>Whether a history can be explained by operations that take effect one after the other.</summary>
internal enum Linearizability
{
    /// <summary>It can.</summary>
    Holds,

    /// <summary>It cannot, in whatever order.</summary>
    Broken,

    /// <summary>Nobody knows: finding out takes more work than was allowed.</summary>
    Undecided,
}

/// <summary>What the checker found.</summary>
/// <param name="Linearizability">Its verdict.</param>
/// <param name="FailedAt">The step that nothing explains; null unless it is broken.</param>
/// <param name="Work">How many states it looked at.</param>
internal sealed record CheckOutcome(Linearizability Linearizability, int? FailedAt, long Work);
