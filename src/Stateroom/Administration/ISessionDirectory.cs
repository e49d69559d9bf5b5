using Stateroom.Sessions;

namespace Stateroom.Administration;

/// <summary>Lists sessions for those who run the server. Looking never slides a deadline, and no state is read.</summary>
public interface ISessionDirectory
{
    /// <summary>The largest page, of tenants or of sessions.</summary>
    const int MaxPageSize = 200;

    /// <summary>Lists the tenants that have sessions, by name, those of anonymous callers last.</summary>
    /// <remarks>A tenant that has sessions all the while is on exactly one page.</remarks>
    /// <param name="after">The tenant after which the page begins; null for the first page.</param>
    /// <param name="limit">How many tenants at the most, 1 to <see cref="MaxPageSize"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="limit"/> is out of its range.</exception>
    /// <exception cref="SessionStoreUnavailableException">The store did not answer in time.</exception>
    ValueTask<TenantPage> ListTenantsAsync(TenantRooms? after, int limit, CancellationToken cancellationToken);

    /// <summary>Counts the live sessions of a tenant.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>How many there are of each era; none also where nobody knows such a tenant.</returns>
    /// <exception cref="SessionStoreUnavailableException">The store did not answer in time.</exception>
    ValueTask<SessionCount> CountSessionsAsync(TenantRooms tenant, CancellationToken cancellationToken);

    /// <summary>Lists live sessions of a tenant by <see cref="SessionReference"/>, an order that nothing changes.</summary>
    /// <remarks>
    /// A session that lives all the while is on exactly one page; one that is opened or ends meanwhile may be on one. A page may hold fewer sessions than asked for,
    /// also none, and yet not be the last: that is the one without <see cref="SessionPage.Next"/>.
    /// </remarks>
    /// <param name="query">Which sessions.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentOutOfRangeException"><see cref="SessionQuery.Limit"/> is out of its range.</exception>
    /// <exception cref="SessionStoreUnavailableException">The store did not answer in time, or a newer version of the program wrote one of the sessions.</exception>
    ValueTask<SessionPage> ListSessionsAsync(SessionQuery query, CancellationToken cancellationToken);
}
