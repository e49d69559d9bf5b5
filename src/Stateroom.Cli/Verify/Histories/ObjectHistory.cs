using System.Globalization;

namespace Stateroom.Cli.Verify.Histories;

/// <summary>The operations on one object of one session, and the same as steps for the checker.</summary>
internal sealed class ObjectHistory
{
    private readonly Dictionary<string, long> _numbers = [];

    /// <param name="operations">The operations, in any order.</param>
    /// <param name="initial">The value at the beginning; null for nothing there.</param>
    public ObjectHistory(IEnumerable<Operation> operations, string? initial)
    {
        Operations = [.. operations.Where(o => o.Outcome is not Outcome.Failed).OrderBy(o => o.Start)];
        IsCounter = Operations.Any(o => o.Kind is OperationKind.Add);
        Initial = NumberOf(initial);
        Steps = [.. Operations.Select(ToStep)];
    }

    /// <summary>The operations that may have had an effect, by their start.</summary>
    public IReadOnlyList<Operation> Operations { get; }

    /// <summary>The same for the checker.</summary>
    public IReadOnlyList<Step> Steps { get; }

    public long Initial { get; }

    private bool IsCounter { get; }

    private Step ToStep(Operation operation)
    {
        var unknown = operation.Outcome is Outcome.Unknown;
        long? value = operation.Kind is OperationKind.Add && (operation.Value is null || unknown) ? null : NumberOf(operation.Value);
        return new Step(operation.Kind, value, operation.Start, unknown ? Step.Never : operation.End);
    }

    /// <summary>Counters count; any other value needs only to be told apart from others.</summary>
    private long NumberOf(string? value)
    {
        if (value is null)
        {
            return -1;
        }

        if (IsCounter)
        {
            return long.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : long.MinValue;
        }

        if (!_numbers.TryGetValue(value, out var known))
        {
            _numbers[value] = known = _numbers.Count;
        }

        return known;
    }
}
