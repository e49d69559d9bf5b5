using Stateroom.Cli.Verify.Histories;

namespace Stateroom.Cli.Tests.Histories;

public sealed class ShrinkerTests
{
    [Fact]
    public void A_lost_update_is_shown_from_the_last_read_before_it()
    {
        List<Operation> all = [];
        long time = 0;
        for (var i = 1; i <= 30; i++)
        {
            all.Add(Make("counter", OperationKind.Add, null, ++time, ++time));
            all.Add(Make("counter", OperationKind.Read, $"{i}", ++time, ++time));
        }

        all.Add(Make("counter", OperationKind.Add, null, time + 1, time + 4));
        all.Add(Make("counter", OperationKind.Add, null, time + 2, time + 3));
        all.Add(Make("counter", OperationKind.Read, "31", time + 5, time + 6));
        all.Add(Make("counter", OperationKind.Read, "31", time + 7, time + 8));

        Assert.Equal(
            ["read counter → 30", "add 1 to counter", "add 1 to counter", "read counter → 31"],
            Shrink(all, "0").Select(o => o.Describe()));
    }

    [Fact]
    public void A_stale_read_is_shown_with_the_write_that_it_missed()
    {
        List<Operation> all =
        [
            .. Enumerable.Range(0, 40).SelectMany(i => new[]
            {
                Make("place home", OperationKind.Write, $"v{i}", (4 * i) + 1, (4 * i) + 2),
                Make("place home", OperationKind.Read, $"v{i}", (4 * i) + 3, (4 * i) + 4),
            }),
            Make("place home", OperationKind.Write, "new", 201, 202),
            Make("place home", OperationKind.Read, "v39", 203, 204),
        ];

        Assert.Equal(["read place home → v39", "set place home = new", "read place home → v39"], Shrink(all, null).Select(o => o.Describe()));
    }

    private static IReadOnlyList<Operation> Shrink(List<Operation> operations, string? initial)
    {
        var history = new ObjectHistory(operations, initial);
        var outcome = LinearizabilityChecker.Check(history.Initial, history.Steps);
        Assert.Equal(Linearizability.Broken, outcome.Linearizability);
        return Shrinker.Shrink(history, outcome.FailedAt!.Value);
    }

    private static Operation Make(string name, OperationKind kind, string? value, long start, long end) => new(1, name, kind, value, Outcome.Ok, start, end);
}
