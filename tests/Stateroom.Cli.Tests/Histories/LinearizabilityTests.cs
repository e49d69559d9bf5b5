using Stateroom.Cli.Verify.Histories;
using static Stateroom.Cli.Verify.Histories.OperationKind;

namespace Stateroom.Cli.Tests.Histories;

public sealed class LinearizabilityTests
{
    /// <summary>Histories whose verdict is known, written as: kind, value, start, end (0: no answer).</summary>
    public static TheoryData<string, bool, string> Known => new()
    {
        { "nothing happened", true, "" },
        { "one after the other", true, "w1 1-2, r1 3-4, w2 5-6, r2 7-8" },
        { "a read of the past", false, "w1 1-2, w2 3-4, r1 5-6" },
        { "a read that overlaps sees the old", true, "w1 1-2, w2 3-9, r1 4-5" },
        { "a read that overlaps sees the new", true, "w1 1-2, w2 3-9, r2 4-5" },
        { "new, then old again", false, "w1 1-2, w2 3-9, r2 4-5, r1 6-7" },
        { "old, then new", true, "w1 1-2, w2 3-9, r1 4-5, r2 6-7" },
        { "two readers that overlap may differ", true, "w1 1-2, w2 3-9, r2 4-7, r1 5-8" },
        { "a value that nobody wrote", false, "w1 1-2, r3 3-4" },
        { "an unknown write that took effect late", true, "w1 1-0, w2 2-3, r2 4-5, r1 6-7" },
        { "an unknown write that never did", true, "w1 1-0, w2 2-3, r2 4-5" },
        { "an unknown write that took effect and went", false, "w1 1-0, w2 2-3, r1 4-5, r2 6-7, r1 8-9" },
        { "two unknown writes in either order", true, "w1 1-0, w2 2-0, r2 3-4, r1 5-6" },
        { "an unknown write before it was sent", false, "r1 1-2, w1 3-0" },
        { "a count", true, "a 1-2, a 3-4, r2 5-6" },
        { "a lost update", false, "a 1-4, a 2-3, r1 5-6" },
        { "counted twice", false, "a 1-2, r2 3-4" },
        { "an unknown addition that counts", true, "a 1-0, a 2-3, r2 4-5" },
        { "an unknown addition that does not", true, "a 1-0, a 2-3, r1 4-5" },
        { "an unknown addition that counts later", true, "a 1-0, r0 2-3, r1 4-5" },
        { "counted down", false, "a 1-2, r1 3-4, r0 5-6" },
        { "additions that tell what they led to", true, "a1 1-4, a2 2-3, r2 5-6" },
        { "additions that tell the same", false, "a1 1-4, a1 2-3" },
        { "an unknown addition between two that tell", true, "a1 1-2, a 3-0, a3 4-5" },
    };

    [Theory]
    [MemberData(nameof(Known))]
    public void Agrees_with_what_is_known(string what, bool linearizable, string history)
    {
        var steps = Parse(history);

        Assert.True(linearizable == (LinearizabilityChecker.Check(0, steps).Linearizability is Linearizability.Holds), what);
        Assert.True(linearizable == BruteForce.IsLinearizable(0, steps), what);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Agrees_with_brute_force_on_random_histories(bool counter)
    {
        var random = new Random(20260728);
        var broken = 0;
        for (var i = 0; i < 30_000; i++)
        {
            var steps = Enumerable.Range(0, random.Next(1, 8)).Select(_ => counter ? Count(random) : Register(random)).ToList();
            var expected = BruteForce.IsLinearizable(0, steps);
            var actual = LinearizabilityChecker.Check(0, steps).Linearizability;
            Assert.True(actual == (expected ? Linearizability.Holds : Linearizability.Broken), string.Join(", ", steps));
            broken += expected ? 0 : 1;
        }

        // Otherwise nothing was compared.
        Assert.InRange(broken, 3_000, 27_000);
    }

    [Fact]
    public void Gives_up_rather_than_guess()
    {
        var steps = Enumerable.Range(0, 20).Select(i => new Step(Write, i, 1, 100)).Append(new Step(Read, 5, 2, 90)).ToList();

        Assert.Equal(Linearizability.Undecided, LinearizabilityChecker.Check(0, steps, budget: 100).Linearizability);
    }

    private static Step Register(Random random) => At(random, random.Next(2) == 0 ? new Step(Read, random.Next(3), 0, 0) : new Step(Write, random.Next(1, 4), 0, 0));

    private static Step Count(Random random) => At(random, random.Next(4) switch
    {
        0 => new Step(Read, random.Next(5), 0, 0),
        1 => new Step(Add, random.Next(1, 5), 0, 0),
        _ => new Step(Add, null, 0, 0),
    });

    private static Step At(Random random, Step step)
    {
        var start = random.Next(1, 20);
        var open = random.Next(4) == 0;
        return step with { Start = start, End = open ? Step.Never : start + random.Next(0, 8), Value = open && step.Kind is Add ? null : step.Value };
    }

    private static List<Step> Parse(string history) =>
        [.. history.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(text =>
        {
            var parts = text.Split(' ', '-');
            var end = long.Parse(parts[2], null);
            var value = parts[0].Length > 1 ? long.Parse(parts[0][1..], null) : (long?)null;
            var kind = parts[0][0] switch { 'r' => Read, 'w' => Write, _ => Add };
            return new Step(kind, value, long.Parse(parts[1], null), end == 0 ? Step.Never : end);
        })];
}
