using System.Diagnostics;
using System.Globalization;
using Stateroom.Cli.Verify.Histories;

namespace Stateroom.Cli.Tests.Histories;

public sealed class LargeHistoryTests
{
    private const int Sessions = 200;
    private const int OperationsOfSession = 500;

    /// <summary>The time is told; what is held to is the work, which is the same on every machine.</summary>
    [Fact]
    public void A_hundred_thousand_operations_of_two_hundred_sessions_are_little_work()
    {
        var histories = Enumerable.Range(0, Sessions).SelectMany(session => Simulate(session)).ToList();
        Assert.Equal(Sessions * OperationsOfSession, histories.Sum(h => h.Operations.Count));

        var watch = Stopwatch.StartNew();
        var outcomes = histories.ConvertAll(h => LinearizabilityChecker.Check(h.Initial, h.Steps));
        TestContext.Current.TestOutputHelper?.WriteLine($"{outcomes.Sum(o => o.Work)} states in {watch.Elapsed.TotalSeconds:F2} s");

        Assert.All(outcomes, o => Assert.Equal(Linearizability.Holds, o.Linearizability));
        Assert.InRange(outcomes.Sum(o => o.Work), 1, 3_000_000);
    }

    /// <summary>Three callers of one session at a time, one answer in fifty lost: each operation takes effect at a moment that is drawn, and is seen to.</summary>
    private static IEnumerable<ObjectHistory> Simulate(int session)
    {
        var random = new Random(session);
        var operations = new List<(Operation Operation, long Moment)>();
        var free = new long[3];
        for (var i = 0; i < OperationsOfSession; i++)
        {
            var caller = Array.IndexOf(free, free.Min());
            var start = free[caller] + random.Next(1, 50);
            var end = start + random.Next(1, 200);
            free[caller] = end;
            var (name, kind, value) = random.Next(5) switch
            {
                0 => ("counter", OperationKind.Read, null),
                1 or 2 => ("counter", OperationKind.Add, null),
                3 => ("place", OperationKind.Read, null),
                _ => ("place", OperationKind.Write, $"{session}-{i}"),
            };
            var lost = random.Next(50) == 0;
            operations.Add((new Operation(session, name, kind, value, lost ? Outcome.Unknown : Outcome.Ok, start, end), lost && random.Next(2) == 0 ? long.MaxValue : start + random.Next((int)(end - start) + 1)));
        }

        foreach (var group in operations.GroupBy(o => o.Operation.Object))
        {
            var counter = group.Key == "counter";
            var state = counter ? "0" : null;
            var seen = new List<Operation>();
            foreach (var (operation, moment) in group.OrderBy(o => o.Moment))
            {
                if (moment == long.MaxValue)
                {
                    seen.Add(operation);
                    continue;
                }

                state = operation.Kind switch
                {
                    OperationKind.Add => (int.Parse(state!, CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture),
                    OperationKind.Write => operation.Value,
                    _ => state,
                };
                seen.Add(operation.Kind is OperationKind.Read ? operation with { Value = state } : operation);
            }

            yield return new ObjectHistory(seen, counter ? "0" : null);
        }
    }
}
