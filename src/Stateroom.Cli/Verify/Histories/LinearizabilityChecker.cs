namespace Stateroom.Cli.Verify.Histories;

/// <summary>
/// Decides whether a history of one object is linearizable: whether each operation can be given a moment between its start and its end such that,
/// in the order of these moments, every answer is right. After Wing and Gong (1993), in the just-in-time form of Lowe (2017): all that is kept while
/// going through the history in time are the possible <see cref="Configuration"/>s.
/// </summary>
/// <remarks>
/// Four facts keep these few. A read that fits takes effect as soon as it can, since it changes nothing. Of operations that nobody can tell apart, the
/// one that ends first goes first. An operation without an answer takes effect only where that explains an answer; elsewhere it might as well
/// come later, or never. And a configuration that has used up more of those than another with the same value is no use.
/// The third holds since an object is either written or added to, never both.
/// </remarks>
internal static class LinearizabilityChecker
{
    /// <summary>Checks the history of one object.</summary>
    /// <param name="initial">Its value at the beginning.</param>
    /// <param name="steps">The operations, in any order, without those that were refused.</param>
    /// <param name="budget">How many states may be looked at before the answer is <see cref="Linearizability.Undecided"/>.</param>
    public static CheckOutcome Check(long initial, IReadOnlyList<Step> steps, long budget = 5_000_000)
    {
        var search = new ConfigurationSearch(steps, budget);
        HashSet<Configuration> possible = [new(initial, UInt128.Zero, UInt128.Zero)];
        foreach (var (_, isEnd, step) in Events(steps))
        {
            if (!isEnd)
            {
                if (!search.Begin(step))
                {
                    return new(Linearizability.Undecided, null, search.Work);
                }

                if (steps[step].Kind is OperationKind.Read)
                {
                    possible = [.. possible.Select(search.TakeReads)];
                }

                continue;
            }

            var next = search.End(step, possible);
            if (search.IsExhausted)
            {
                return new(Linearizability.Undecided, null, search.Work);
            }

            if (next.Count == 0)
            {
                return new(Linearizability.Broken, step, search.Work);
            }

            possible = next;
        }

        return new(Linearizability.Holds, null, search.Work);
    }

    /// <summary>Starts and ends in the order of time. At the same moment starts come first: the operations then overlap, and more is possible.</summary>
    private static List<(long Time, bool IsEnd, int Step)> Events(IReadOnlyList<Step> steps)
    {
        // What was written without an answer and never read might as well not have been written.
        var read = steps.Where(s => s.Kind is OperationKind.Read).Select(s => s.Value).ToHashSet();
        var events = new List<(long Time, bool IsEnd, int Step)>(2 * steps.Count);
        for (var i = 0; i < steps.Count; i++)
        {
            var step = steps[i];
            if (step.IsOpen && (step.Kind is OperationKind.Read || (step.Kind is OperationKind.Write && !read.Contains(step.Value))))
            {
                continue;
            }

            events.Add((step.Start, false, i));
            if (!step.IsOpen)
            {
                events.Add((step.End, true, i));
            }
        }

        events.Sort();
        return events;
    }
}
