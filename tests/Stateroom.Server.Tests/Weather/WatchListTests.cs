using Microsoft.Extensions.Time.Testing;
using Stateroom.Server.Weather;
using Stateroom.Tenancy;

namespace Stateroom.Server.Tests.Weather;

public sealed class WatchListTests
{
    private static readonly TenantId Acme = new("acme");
    private static readonly TenantId Globex = new("globex");
    private readonly WatchList _list = new(new FakeTimeProvider());

    [Fact]
    public void One_tenant_cannot_take_the_places_of_another()
    {
        Fill(Acme, 0, WatchList.MaxFollowsOfTenant, subscribed: true);

        Assert.False(Add(Acme, 999, subscribed: true));
        Assert.True(Add(Acme, 0, subscribed: true));
        Assert.True(Add(Globex, 999, subscribed: true));
    }

    [Fact]
    public void Reading_leaves_half_of_the_room_to_those_who_subscribe()
    {
        Fill(Acme, 0, WatchList.MaxFollowsOfTenant / 2, subscribed: false);
        Assert.False(Add(Acme, 999, subscribed: false));
        Assert.True(Add(Acme, 999, subscribed: true));
    }

    [Fact]
    public void Cities_are_bounded_and_shared()
    {
        for (var i = 0; i < WatchList.MaxCities / WatchList.MaxFollowsOfTenant; i++)
        {
            Fill(new TenantId($"tenant {i}"), i * WatchList.MaxFollowsOfTenant, WatchList.MaxFollowsOfTenant, subscribed: true);
        }

        Assert.False(Add(Acme, 999, subscribed: true));
        Assert.True(Add(Acme, 0, subscribed: true));

        _list.Remove(_list.ByCity().Single(city => city.Key == City(1)).Single());
        Assert.True(Add(Acme, 999, subscribed: true));
        Assert.Equal(WatchList.MaxCities, _list.ByCity().Count);
    }

    private void Fill(TenantId tenant, int first, int count, bool subscribed) =>
        Assert.All(Enumerable.Range(first, count), number => Assert.True(Add(tenant, number, subscribed)));

    private bool Add(TenantId tenant, int number, bool subscribed) => _list.TryAdd(tenant, $"weather://{number}", City(number), subscribed);

    private static Place City(int number) => new($"{number}", null, null, null, number, 0, 0);
}
