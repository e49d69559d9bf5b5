using Stateroom.Cli.Verify.Histories;

namespace Stateroom.Cli.Tests.Histories;

/// <summary>Decides the same as the checker by trying every order of every choice of the operations without an answer.</summary>
internal static class BruteForce
{
    public static bool IsLinearizable(long initial, IReadOnlyList<Step> steps) => Explain(initial, steps, new bool[steps.Count]);

    private static bool Explain(long state, IReadOnlyList<Step> steps, bool[] done)
    {
        var open = Enumerable.Range(0, steps.Count).Where(i => !done[i]).ToList();
        if (open.All(i => steps[i].IsOpen))
        {
            return true;
        }

        var deadline = open.Min(i => steps[i].End);
        foreach (var i in open.Where(i => steps[i].Start <= deadline))
        {
            // A read without an answer told nothing.
            var next = steps[i].IsOpen && steps[i].Kind is OperationKind.Read ? null : steps[i].Apply(state);
            if (next is { } after)
            {
                done[i] = true;
                if (Explain(after, steps, done))
                {
                    return true;
                }

                done[i] = false;
            }
        }

        return false;
    }
}
