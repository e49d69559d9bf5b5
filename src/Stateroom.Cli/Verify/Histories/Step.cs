namespace Stateroom.Cli.Verify.Histories;

/// <summary>An operation as the checker needs it: values are numbers, and one whose outcome is unknown never ends.</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Value">What was read or written, or the value after an addition; null for an addition that told none.</param>
/// <param name="Start">When it began.</param>
/// <param name="End">When it ended; <see cref="Never"/> if nobody knows whether it took effect.</param>
internal readonly record struct Step(OperationKind Kind, long? Value, long Start, long End)
{
    public const long Never = long.MaxValue;

    public bool IsOpen => End == Never;

    /// <summary>Whether the answer told something about the value.</summary>
    public bool Observes => Kind is OperationKind.Read || (Kind is OperationKind.Add && Value is not null);

    /// <summary>Whether two steps are the same to anybody who looks at the value only.</summary>
    public bool IsLike(in Step other) => !Observes && !other.Observes && Kind == other.Kind && Value == other.Value;

    /// <summary>The value after this step; null if the step cannot happen now.</summary>
    public long? Apply(long state) => Kind switch
    {
        OperationKind.Read => Value == state ? state : null,
        OperationKind.Write => Value,
        _ => Value is null || Value == state + 1 ? state + 1 : null,
    };
}
