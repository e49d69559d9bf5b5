using Stateroom.Tenancy;

namespace Stateroom.Server.Weather;

/// <summary>
/// Which cities are watched, and for whom. A city takes one place, whoever follows it and under whatever name, and a tenant gets a share of the places,
/// so that nobody can take them all. Having read a city gets half the room at the most: it must not keep out those who subscribe.
/// </summary>
internal sealed class WatchList(TimeProvider time)
{
    public const int MaxCities = 200;
    public const int MaxFollowsOfTenant = 50;

    // Reading a city again and again is how stateless-era clients show that they are still there.
    private static readonly TimeSpan AfterReading = TimeSpan.FromHours(1);

    // Until the outbox knows of the subscription and speaks for itself.
    private static readonly TimeSpan AfterSubscribing = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<TenantId, Dictionary<string, Follow>> _follows = [];
    private readonly Dictionary<Place, int> _cities = [];

    /// <summary>Watches a city for a tenant from now on.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="uri">The resource, as its client names it.</param>
    /// <param name="place">The city that it names.</param>
    /// <param name="subscribed">Whether the client subscribed, or only read.</param>
    /// <returns>False where there is no room.</returns>
    public bool TryAdd(TenantId tenant, string uri, Place place, bool subscribed)
    {
        var until = time.GetUtcNow() + (subscribed ? AfterSubscribing : AfterReading);
        lock (_lock)
        {
            var own = _follows.GetValueOrDefault(tenant) ?? [];
            if (own.TryGetValue(uri, out var known))
            {
                own[uri] = known with { Until = until > known.Until ? until : known.Until };
                return true;
            }

            var share = subscribed ? 1 : 2;
            if (own.Count >= MaxFollowsOfTenant / share || (_cities.Count >= MaxCities / share && !_cities.ContainsKey(place)))
            {
                return false;
            }

            own[uri] = new Follow(tenant, uri, place, until);
            _follows[tenant] = own;
            _cities[place] = _cities.GetValueOrDefault(place) + 1;
            return true;
        }
    }

    /// <summary>Takes a city off the list for a tenant.</summary>
    public void Remove(Follow follow)
    {
        lock (_lock)
        {
            if (!_follows.TryGetValue(follow.Tenant, out var own) || !own.Remove(follow.Uri, out var known))
            {
                return;
            }

            if (own.Count == 0)
            {
                _follows.Remove(follow.Tenant);
            }

            if (--_cities[known.Place] == 0)
            {
                _cities.Remove(known.Place);
            }
        }
    }

    /// <summary>All that is followed, by city.</summary>
    public IReadOnlyList<IGrouping<Place, Follow>> ByCity()
    {
        lock (_lock)
        {
            return [.. _follows.Values.SelectMany(own => own.Values).GroupBy(follow => follow.Place)];
        }
    }
}

/// <summary>A tenant's interest in a city.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Uri">The resource, as its clients name it.</param>
/// <param name="Place">The city.</param>
/// <param name="Until">When the interest lapses, unless a session has subscribed by then.</param>
internal sealed record Follow(TenantId Tenant, string Uri, Place Place, DateTimeOffset Until);
