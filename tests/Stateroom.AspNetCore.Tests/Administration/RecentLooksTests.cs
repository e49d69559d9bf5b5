using Microsoft.Extensions.Time.Testing;
using Stateroom.AspNetCore.Auditing;

namespace Stateroom.AspNetCore.Tests.Administration;

public sealed class RecentLooksTests
{
    [Fact]
    public void A_look_that_is_repeated_is_logged_once_a_minute_and_one_that_differs_in_anything_at_once()
    {
        var time = new FakeTimeProvider();
        var looks = new RecentLooks(time);
        var look = (Who: "ada", Action: "list tenants", Tenant: "-", Target: "-", Query: "-", Outcome: "done");

        Assert.True(looks.TryEnter(look));
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(looks.TryEnter(look));
        Assert.True(looks.TryEnter(look with { Who = "bob" }));
        Assert.True(looks.TryEnter(look with { Target = "x" }));
        Assert.True(looks.TryEnter(look with { Query = "owner=bob" }));
        Assert.True(looks.TryEnter(look with { Outcome = "failed" }));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(looks.TryEnter(look));
        Assert.False(looks.TryEnter(look));
    }

    [Fact]
    public void However_many_there_are_few_are_remembered_and_none_is_lost()
    {
        var looks = new RecentLooks(new FakeTimeProvider());

        Assert.All(Enumerable.Range(0, RecentLooks.Capacity + 1), n => Assert.True(looks.TryEnter(Look(n))));

        // There was no room for all: the first is not remembered any more, the last is.
        Assert.False(looks.TryEnter(Look(RecentLooks.Capacity)));
        Assert.True(looks.TryEnter(Look(0)));

        static (string, string, string, string, string, string) Look(int n) => ("ada", "show tenant", $"{n}", "-", "-", "done");
    }
}
