using Stateroom.ContractTests;
using Stateroom.Limits;
using Stateroom.Redis.Limits;
using Stateroom.Redis.Tests.Support;
using Xunit;

namespace Stateroom.Redis.Tests.Limits;

public sealed class RedisAdmissionTests(RedisServer server) : AdmissionContract, IAsyncDisposable
{
    private readonly RedisInstances _instances = new(() => server.Configuration);

    protected override IAdmission CreateAdmission(LimitOptions options) => _instances.Add(limits: options).Admission;

    protected override Task AdvanceAsync(TimeSpan time) => _instances.AdvanceAsync(time);

    protected override Task ReleasedAsync() => _instances.AdvanceAsync(TimeSpan.Zero);

    protected override Task RenewAsync(IAdmission admission) => ((RedisAdmission)admission).RenewAsync();

    public ValueTask DisposeAsync() => _instances.DisposeAsync();

    [Fact]
    public async Task What_an_instance_held_that_died_is_free_again_when_its_leases_lapse()
    {
        var (dead, alive) = (_instances.Add(limits: SmallLimits), _instances.Add(limits: SmallLimits));
        Assert.NotNull((await TakeAsync(dead.Admission, Alice)).Lease);
        using var held = (await TakeAsync(alive.Admission, Alice)).Lease!;
        Assert.NotNull((await TakeAsync(alive.Admission, Alice)).PlaceRefusal);

        // From here on one instance renews what it holds and the other does not.
        for (var i = 0; i < 3; i++)
        {
            await _instances.AdvanceAsync(RedisAdmission.LeaseTime / 3);
            await alive.Admission.RenewAsync();
        }

        Assert.Equal(1, (await alive.Admission.ReadUseAsync(Alice, Cancel)).Calls);
        using var next = (await TakeAsync(alive.Admission, Alice)).Lease!;
        Assert.NotNull(next);
        Assert.NotNull((await TakeAsync(alive.Admission, Alice)).PlaceRefusal);
    }

    [Fact]
    public async Task What_is_given_back_while_it_is_renewed_does_not_come_back()
    {
        var instance = _instances.Add(limits: SmallLimits);
        for (var i = 0; i < 20; i++)
        {
            var lease = (await TakeAsync(instance.Admission, Alice)).Lease!;
            var renewing = instance.Admission.RenewAsync();
            lease.Dispose();
            await renewing;
            await instance.Admission.Releasing;
            Assert.Equal(0, (await instance.Admission.ReadUseAsync(Alice, Cancel)).Calls);
        }
    }

    /// <summary>Redis has forgotten the script that admits, so the first attempt fails and the renewal comes in between; the second is then refused.</summary>
    [Fact]
    public async Task A_lease_that_was_renewed_before_it_was_refused_is_given_back()
    {
        var (full, other) = (_instances.Add(limits: SmallLimits), _instances.Add(limits: SmallLimits));
        using var first = (await TakeAsync(other.Admission, Alice)).Lease!;
        using var second = (await TakeAsync(other.Admission, Alice)).Lease!;
        using var globex = (await TakeAsync(full.Admission, GlobexAlice)).Lease!;
        var database = (await full.Connection.GetAsync()).GetDatabase();
        await database.ExecuteAsync("SCRIPT", "FLUSH");
        await full.Admission.RenewAsync();

        var admitting = TakeAsync(full.Admission, Alice);
        await full.Admission.RenewAsync();
        Assert.NotNull((await admitting).PlaceRefusal);
        await full.Admission.Releasing;

        Assert.Equal(2, (await full.Admission.ReadUseAsync(Alice, Cancel)).Calls);
    }

    [Fact]
    public async Task A_call_that_is_under_way_while_redis_loses_everything_counts_again_with_the_next_renewal()
    {
        var instance = _instances.Add(limits: SmallLimits);
        using var lease = (await TakeAsync(instance.Admission, Alice)).Lease!;
        var party = Party.Of(Alice.Tenant, anonymous: false, Alice.Owner);
        var database = (await instance.Connection.GetAsync()).GetDatabase();
        await database.KeyDeleteAsync(
            [instance.Keys.Places(party.Tag, party.Owner, AdmissionPlace.Call), instance.Keys.Places(party.Tag, Party.WholeTenant, AdmissionPlace.Call)]);
        Assert.Equal(0, (await instance.Admission.ReadUseAsync(Alice, Cancel)).Calls);

        await instance.Admission.RenewAsync();

        Assert.Equal(1, (await instance.Admission.ReadUseAsync(Alice, Cancel)).Calls);
        Assert.Equal(1, (await instance.Admission.ReadUseAsync(Alice.Tenant, Cancel)).Calls);
    }
}
