namespace Stateroom.Cli.Verify.Histories;

/// <summary>
/// Finds the few operations that show that a history is not linearizable. Nothing is left out that could have explained what remains: a read may go,
/// since it changes nothing; a write may go whose value nobody read; and what came before a read may, since the read tells what it led to.
/// </summary>
internal static class Shrinker
{
    private const long Budget = 200_000;

    /// <summary>Shrinks a history.</summary>
    /// <param name="history">A history that is not linearizable.</param>
    /// <param name="failedAt">The step that nothing explained.</param>
    /// <returns>The operations that remain, by their start.</returns>
    public static IReadOnlyList<Operation> Shrink(ObjectHistory history, int failedAt)
    {
        var initial = history.Initial;
        var kept = Prefix(initial, history.Steps, failedAt);
        int? first = null;
        if (LatestBase(kept, failedAt) is { } found)
        {
            first = found.Read;
            initial = history.Steps[found.Read].Value!.Value;
            kept = found.Kept;
        }

        for (var i = 0; i < kept.Count;)
        {
            var without = kept.Where((_, j) => j != i).ToList();
            if (CanGo(kept[i].Step, without) && IsBroken(initial, without))
            {
                kept = without;
            }
            else
            {
                i++;
            }
        }

        var indices = kept.Select(k => k.Index);
        return [.. (first is { } read ? indices.Prepend(read) : indices).Order().Select(i => history.Operations[i])];
    }

    /// <summary>Whether leaving a step out cannot break what was right.</summary>
    private static bool CanGo(Step step, List<(int Index, Step Step)> others) =>
        step.Kind is OperationKind.Read || (step.Kind is OperationKind.Write && !others.Any(o => o.Step.Kind is OperationKind.Read && o.Step.Value == step.Value));

    /// <summary>What had started by the time at which nothing fitted any more; what was still in progress may have taken effect or not.</summary>
    private static List<(int Index, Step Step)> Prefix(long initial, IReadOnlyList<Step> steps, int failedAt)
    {
        var end = steps[failedAt].End;
        var kept = steps.Select((step, index) => (Index: index, Step: step)).Where(s => s.Step.Start <= end).ToList();
        var opened = kept.ConvertAll(s => s.Step.End > end ? (s.Index, Open(s.Step)) : s);
        return IsBroken(initial, opened) ? opened : kept;
    }

    /// <summary>Finds the latest read from which on the history is still broken.</summary>
    private static (int Read, List<(int Index, Step Step)> Kept)? LatestBase(List<(int Index, Step Step)> kept, int failedAt)
    {
        foreach (var (index, read) in kept.Where(s => s.Index != failedAt && s.Step is { Kind: OperationKind.Read, IsOpen: false }).OrderByDescending(s => s.Step.Start))
        {
            var after = kept
                .Where(s => s.Index != index && s.Step.End >= read.Start)
                .Select(s => s.Step.Start <= read.End && !s.Step.IsOpen ? (s.Index, Open(s.Step)) : s)
                .ToList();
            if (IsBroken(read.Value!.Value, after))
            {
                return (index, after);
            }
        }

        return null;
    }

    private static Step Open(Step step) => step with { End = Step.Never, Value = step.Kind is OperationKind.Add ? null : step.Value };

    private static bool IsBroken(long initial, List<(int Index, Step Step)> steps) =>
        LinearizabilityChecker.Check(initial, [.. steps.Select(s => s.Step)], Budget).Linearizability is Linearizability.Broken;
}
