using System.Text.Json.Serialization;
using Stateroom.Cli.Protocol;

namespace Stateroom.Cli.Verify;

/// <summary>What became of a check.</summary>
internal enum CheckVerdict
{
    /// <summary>Nothing was found that breaks it.</summary>
    Holds,

    /// <summary>Something was.</summary>
    Broken,

    /// <summary>It was tried, and what was seen decides nothing.</summary>
    Undecided,

    /// <summary>It was not tried.</summary>
    NotChecked,
}

/// <summary>The result of one check in one era.</summary>
/// <param name="Check">Its name.</param>
/// <param name="Era">The era.</param>
/// <param name="Operations">How many operations it rests on.</param>
/// <param name="Verdict">What became of it.</param>
/// <param name="Note">What else is to be known, for instance why it was not tried.</param>
internal sealed record CheckReport(string Check, Era Era, long Operations, CheckVerdict Verdict, string? Note = null)
{
    /// <summary>The first thing that was found.</summary>
    public Counterexample? Counterexample { get; init; }
}

/// <summary>Something that must not be, and the few operations that show it.</summary>
/// <param name="Summary">What it is.</param>
/// <param name="Operations">What was done and answered, in the order of time.</param>
internal sealed record Counterexample(string Summary, IReadOnlyList<string> Operations);

/// <summary>The result of a run.</summary>
internal sealed record VerifyReport
{
    /// <summary>The profile's name.</summary>
    public required string Profile { get; init; }

    /// <summary>What the operations were drawn from.</summary>
    public required int Seed { get; init; }

    public required IReadOnlyList<CheckReport> Checks { get; init; }

    /// <summary>How many calls were made in all.</summary>
    public required long Calls { get; init; }

    /// <summary>How often a call was answered in each way.</summary>
    public required IReadOnlyDictionary<string, long> Answers { get; init; }

    /// <summary>How many sessions were opened.</summary>
    public required int Sessions { get; init; }

    /// <summary>How many of them could not be ended again.</summary>
    public required int LeftOpen { get; init; }

    public required double Seconds { get; init; }

    /// <summary>Whether it came to its end.</summary>
    public required bool Completed { get; init; }

    /// <summary>The exit code that says the same.</summary>
    [JsonIgnore]
    public int ExitCode =>
        Checks.Any(c => c.Verdict is CheckVerdict.Broken) ? Cli.ExitCode.Broken
        : Completed && Checks.Any(c => c.Verdict is CheckVerdict.Holds) && Checks.All(c => c.Verdict is not CheckVerdict.Undecided) ? Cli.ExitCode.Holds
        : Cli.ExitCode.CouldNotRun;
}
