namespace Stateroom.Administration;

/// <summary>How much a tenant uses of a limit.</summary>
/// <param name="Limit">The limit's name, as the settings have it.</param>
/// <param name="Used">How much is used now.</param>
/// <param name="Maximum">How much may be.</param>
public sealed record LimitUsage(string Limit, long Used, long Maximum);

/// <summary>Tells how much a tenant uses of some limits. Any number of these may be registered; administration shows what all of them tell.</summary>
public interface ITenantUsage
{
    /// <summary>Reads it.</summary>
    /// <param name="tenant">The tenant, with its sessions counted.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="Sessions.SessionStoreUnavailableException">What counts it did not answer in time.</exception>
    ValueTask<IReadOnlyList<LimitUsage>> ReadAsync(TenantSummary tenant, CancellationToken cancellationToken);
}
