using Stateroom.Sessions;

namespace Stateroom.Administration;

/// <summary>Lists the instances that serve one set of sessions, for those who run them.</summary>
public interface IInstanceDirectory
{
    /// <summary>Lists the instances that are alive, this one included, in no particular order. One that died is listed until it counts as dead.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SessionStoreUnavailableException">It cannot be found out at the moment.</exception>
    ValueTask<IReadOnlyList<InstanceSummary>> ListInstancesAsync(CancellationToken cancellationToken);
}
