using Microsoft.Extensions.Time.Testing;
using Stateroom.AspNetCore.Auditing;

namespace Stateroom.AspNetCore.Tests.Administration;

public sealed class RefusalBudgetTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly List<long> _told = [];

    [Fact]
    public void So_many_a_second_are_taken_and_the_number_of_the_others_is_told_once_it_is_over()
    {
        using var budget = new RefusalBudget(3, _time, _told.Add);

        Assert.Equal(3, Take(budget, 1000));
        Assert.Empty(_told);
        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.Equal(0, Take(budget, 1));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal([998], _told);
        Assert.Equal(3, Take(budget, 5));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([998, 2], _told);
        Assert.Equal(3, Take(budget, 3));
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal([998, 2], _told);
    }

    [Fact]
    public void None_is_lost_when_it_ends()
    {
        var budget = new RefusalBudget(0, _time, _told.Add);
        Assert.Equal(0, Take(budget, 7));
        budget.Dispose();
        Assert.Equal([7], _told);
    }

    private static int Take(RefusalBudget budget, int times) => Enumerable.Range(0, times).Count(_ => budget.TryTake());
}
