using Stateroom.Messaging;

namespace Stateroom.Administration;

/// <summary>Lists this instance, where there is no other.</summary>
internal sealed class InMemoryInstanceDirectory(ISessionBackplane backplane) : IInstanceDirectory
{
    private readonly IReadOnlyList<InstanceSummary> _all = [InstanceSummary.OfThisProcess(backplane.InstanceId)];

    public ValueTask<IReadOnlyList<InstanceSummary>> ListInstancesAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(_all);
    }
}
