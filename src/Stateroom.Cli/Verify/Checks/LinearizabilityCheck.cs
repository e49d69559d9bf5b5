using Stateroom.Cli.Verify.Histories;

namespace Stateroom.Cli.Verify.Checks;

/// <summary>Checks that each object of each session behaves as if its operations took effect one after the other.</summary>
internal static class LinearizabilityCheck
{
    /// <summary>How many operations that nothing tells apart are shown as one.</summary>
    private const int Many = 5;

    public static CheckReport Run(EraRun run)
    {
        var operations = run.History.Operations.ToList();
        var histories = operations
            .GroupBy(o => (o.Session, o.Object))
            .OrderBy(g => g.Key)
            .Select(g => new ObjectHistory(g, InitialOf(run, g.Key.Object)))
            .ToList();
        var outcomes = histories.ConvertAll(h => LinearizabilityChecker.Check(h.Initial, h.Steps));
        var unknown = operations.Count(o => o.Outcome is Outcome.Unknown);
        var note = unknown > 0 ? $"{unknown} without an answer" : null;
        var broken = outcomes.FindIndex(o => o.Linearizability is Linearizability.Broken);
        if (broken >= 0)
        {
            var count = outcomes.Count(o => o.Linearizability is Linearizability.Broken);
            return new(CheckNames.Linearizable, run.Era, operations.Count, CheckVerdict.Broken, $"{count} of {histories.Count} histories")
            {
                Counterexample = Explain(histories[broken], outcomes[broken].FailedAt!.Value),
            };
        }

        var open = outcomes.Count(o => o.Linearizability is Linearizability.Undecided);
        return open > 0
            ? new(CheckNames.Linearizable, run.Era, operations.Count, CheckVerdict.Undecided, $"{open} of {histories.Count} histories are too hard to decide")
            : new(CheckNames.Linearizable, run.Era, operations.Count, operations.Count > 0 ? CheckVerdict.Holds : CheckVerdict.Undecided, note);
    }

    private static string? InitialOf(EraRun run, string name) => name switch
    {
        "counter" => $"{run.Profile.Counter!.Initial}",
        "choice" => run.Profile.Choice!.Initial,
        _ => null,
    };

    private static Counterexample Explain(ObjectHistory history, int failedAt)
    {
        var few = Shrinker.Shrink(history, failedAt);
        var name = $"{few[0].Object} of session {few[0].Session}";
        return new($"No order of these operations on the {name} explains what was read.", [.. Lines(few)]);
    }

    /// <summary>One line an operation, and one for many additions that nothing tells apart.</summary>
    private static IEnumerable<string> Lines(IReadOnlyList<Operation> operations)
    {
        for (var i = 0; i < operations.Count;)
        {
            var first = operations[i];
            var alike = operations.Skip(i).TakeWhile(o => o.Describe() == first.Describe() && o.Outcome == first.Outcome).ToList();
            if (alike.Count < Many)
            {
                alike = [first];
            }

            var end = first.Outcome is Outcome.Unknown ? "no answer" : Moment.Format(alike.Max(o => o.End));
            yield return $"{Moment.Format(first.Start)} – {end}: {(alike.Count > 1 ? $"{alike.Count} times " : "")}{first.Describe()}";
            i += alike.Count;
        }
    }
}
