using Stateroom.Sessions;
using Stateroom.Tenancy;

namespace Stateroom.Limits;

/// <summary>
/// Keeps tenants and owners within <see cref="LimitOptions"/>, exactly, over all instances that share a backend. What counts is who calls, never which session:
/// a new session begins nothing anew.
/// </summary>
public interface IAdmission
{
    /// <summary>Counts messages and takes places. Where a limit of the tenant and one of the owner are reached, the tenant's is told.</summary>
    /// <remarks>
    /// Messages are counted all or none, and places taken all or none; messages whose places cannot be had stay counted. Where no limit applies this completes at
    /// once. A backend forgets the places of an instance that died within a minute.
    /// </remarks>
    /// <param name="request">Who, and what.</param>
    /// <param name="cancellationToken">Ends the wait; what was counted stays counted, and places that nobody was given are given back.</param>
    /// <exception cref="SessionStoreUnavailableException">The backend did not answer in time; nobody is admitted then.</exception>
    ValueTask<Admission> AdmitAsync(AdmissionRequest request, CancellationToken cancellationToken);

    /// <summary>Tells how much of its limits a tenant uses.</summary>
    /// <param name="tenant">The tenant; callers without a credential are not part of it, whatever its name.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SessionStoreUnavailableException">The backend did not answer in time.</exception>
    ValueTask<LimitUse> ReadUseAsync(TenantId tenant, CancellationToken cancellationToken);

    /// <summary>Tells how much of its limits an owner uses; of <see cref="Caller.Anonymous"/>, how much everybody anonymous uses of the tenant's.</summary>
    /// <param name="caller">The owner.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SessionStoreUnavailableException">The backend did not answer in time.</exception>
    ValueTask<LimitUse> ReadUseAsync(Caller caller, CancellationToken cancellationToken);
}
