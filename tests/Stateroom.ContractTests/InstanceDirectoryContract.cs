using Stateroom.Administration;
using Stateroom.Messaging;
using Xunit;

namespace Stateroom.ContractTests;

/// <summary>What every directory of instances holds. A backend's tests inherit this and say how to make the parts of an instance.</summary>
public abstract class InstanceDirectoryContract
{
    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Makes an instance that runs.</summary>
    protected abstract Task<(ISessionBackplane Backplane, IInstanceDirectory Directory)> StartInstanceAsync();

    [Fact]
    public async Task An_instance_lists_itself_under_the_name_that_streams_have()
    {
        var (backplane, directory) = await StartInstanceAsync();

        var listed = Assert.Single(await directory.ListInstancesAsync(Cancel));

        Assert.Equal(backplane.InstanceId, listed.Id);
        Assert.Equal(Environment.MachineName, listed.Host);
        Assert.InRange(listed.StartedAt, DateTimeOffset.UnixEpoch, TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task Nobody_is_listed_to_one_who_has_stopped_waiting()
    {
        var (_, directory) = await StartInstanceAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await directory.ListInstancesAsync(new CancellationToken(canceled: true)));
    }
}
