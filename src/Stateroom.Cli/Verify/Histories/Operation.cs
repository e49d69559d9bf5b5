namespace Stateroom.Cli.Verify.Histories;

/// <summary>What an operation does to its object.</summary>
internal enum OperationKind
{
    /// <summary>Tells the value.</summary>
    Read,

    /// <summary>Replaces the value.</summary>
    Write,

    /// <summary>Adds one to the value.</summary>
    Add,
}

/// <summary>What the caller knows of an operation.</summary>
internal enum Outcome
{
    /// <summary>It was acknowledged: it took effect between start and end.</summary>
    Ok,

    /// <summary>It was refused: it has no effect.</summary>
    Failed,

    /// <summary>There is no answer that says so: it may take effect at any time from its start on, or never.</summary>
    Unknown,
}

/// <summary>One operation on one object of one session, as its caller saw it.</summary>
/// <param name="Session">The number of the session within the run.</param>
/// <param name="Object">What it works on, for instance <c>counter</c>. Objects are independent of each other.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Value">What was read or written, or the value after an addition; null stands for nothing there, or not told.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Start">When it was sent, in microseconds of the run.</param>
/// <param name="End">When its answer was there, in microseconds of the run; of no meaning where the outcome is unknown.</param>
internal sealed record Operation(int Session, string Object, OperationKind Kind, string? Value, Outcome Outcome, long Start, long End)
{
    /// <summary>As a person would say it.</summary>
    public string Describe() => Kind switch
    {
        OperationKind.Read => $"read {Object} → {Value ?? "nothing"}",
        OperationKind.Write when Value is null => $"remove {Object}",
        OperationKind.Write => $"set {Object} = {Value}",
        _ when Value is not null => $"add 1 to {Object} → {Value}",
        _ => $"add 1 to {Object}",
    };
}
