using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.SingleUse;

/// <summary>Remembers which tokens were used, so that each serves once however often and wherever it is sent.</summary>
public interface IUsedTokens
{
    /// <summary>Uses a token, if nobody has.</summary>
    /// <remarks>Of calls at the same time, at whichever instances, exactly one succeeds. A token whose user fails afterwards stays used.</remarks>
    /// <param name="tenant">Whose token it is; tenants share none.</param>
    /// <param name="token">The token, of any length.</param>
    /// <param name="retention">How long it is remembered: at least as long as anybody would accept it. More than zero.</param>
    /// <param name="cancellationToken">Ends the wait; whether the token is used is then unknown.</param>
    /// <returns>Whether this call is the one that may use it.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="retention"/> is not more than zero.</exception>
    /// <exception cref="SessionStoreUnavailableException">The store did not answer in time; whether the token is used is unknown.</exception>
    ValueTask<bool> TryUseAsync(TenantId tenant, string token, TimeSpan retention, CancellationToken cancellationToken);
}
