using Stateroom.Limits;
using Stateroom.Tenancy;
using Xunit;

namespace Stateroom.ContractTests;

/// <summary>What every admission holds. A backend's tests inherit this and say how to make one and how to let its time pass.</summary>
public abstract class AdmissionContract
{
    protected static readonly Caller Alice = new(new TenantId("acme"), "alice");
    protected static readonly Caller Bob = new(new TenantId("acme"), "bob");
    protected static readonly Caller GlobexAlice = new(new TenantId("globex"), "alice");

    protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>10 messages a second and 4 at once for an owner, 6 at once for a tenant; 2 calls and 1 stream an owner, 3 calls and 2 streams a tenant.</summary>
    protected static LimitOptions SmallLimits => new()
    {
        RequestRatePerOwner = 10,
        RequestBurstPerOwner = 4,
        RequestRatePerTenant = 10,
        RequestBurstPerTenant = 6,
        MaxCallsPerOwner = 2,
        MaxCallsPerTenant = 3,
        MaxStreamsPerOwner = 1,
        MaxStreamsPerTenant = 2,
    };

    /// <summary>Makes the admission of one more instance, which shares what the others of this test count.</summary>
    protected abstract IAdmission CreateAdmission(LimitOptions options);

    /// <summary>Lets the time of the admissions pass.</summary>
    protected abstract Task AdvanceAsync(TimeSpan time);

    /// <summary>Done when what was disposed of so far counts no longer.</summary>
    protected abstract Task ReleasedAsync();

    protected static LimitOptions Unlimited()
    {
        return new()
        {
            RequestRatePerOwner = 0,
            RequestRatePerTenant = 0,
            MaxCallsPerOwner = 0,
            MaxCallsPerTenant = 0,
            MaxStreamsPerOwner = 0,
            MaxStreamsPerTenant = 0,
        };
    }

    protected static ValueTask<Admission> SendAsync(IAdmission admission, Caller caller, int messages = 1) =>
        admission.AdmitAsync(new(caller) { Messages = messages }, Cancel);

    protected static ValueTask<Admission> TakeAsync(IAdmission admission, Caller caller, AdmissionPlace place = AdmissionPlace.Call, int count = 1) =>
        admission.AdmitAsync(new(caller) { Place = place, Count = count }, Cancel);

    [Fact]
    public async Task Where_nothing_is_limited_everything_is_admitted_at_once_and_counts_nowhere()
    {
        var admission = CreateAdmission(Unlimited());
        for (var i = 0; i < 100; i++)
        {
            var admitting = admission.AdmitAsync(new(Alice) { Messages = 10, Place = AdmissionPlace.Call, Count = 10 }, Cancel);
            Assert.True(admitting.IsCompletedSuccessfully);
            Assert.Equal(default, await admitting);
        }

        Assert.Equal(default, await admission.ReadUseAsync(Alice, Cancel));
    }

    [Fact]
    public async Task An_owner_may_send_its_burst_and_then_as_fast_as_its_rate()
    {
        var admission = CreateAdmission(SmallLimits);
        for (var i = 0; i < 4; i++)
        {
            Assert.Null((await SendAsync(admission, Alice)).Refusal);
        }

        var refusal = (await SendAsync(admission, Alice)).Refusal;
        Assert.NotNull(refusal);
        Assert.Equal((nameof(LimitOptions.RequestRatePerOwner), 10), (refusal.Limit, refusal.Maximum));
        Assert.InRange(refusal.RetryAfter, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(0.1));

        await AdvanceAsync(TimeSpan.FromSeconds(0.25));
        Assert.Null((await SendAsync(admission, Alice)).Refusal);
        Assert.Null((await SendAsync(admission, Alice)).Refusal);
    }

    [Fact]
    public async Task A_burst_comes_back_whole_after_a_pause_and_no_more_than_that()
    {
        var options = SmallLimits;
        options.RequestRatePerOwner = options.RequestRatePerTenant = 1;
        var admission = CreateAdmission(options);
        Assert.Null((await SendAsync(admission, Alice, 4)).Refusal);
        await AdvanceAsync(TimeSpan.FromHours(1));

        Assert.Null((await SendAsync(admission, Alice, 4)).Refusal);
        Assert.NotNull((await SendAsync(admission, Alice)).Refusal);
    }

    [Fact]
    public async Task A_tenants_rate_counts_all_its_owners_and_nobody_elses()
    {
        var admission = CreateAdmission(SmallLimits);
        Assert.Null((await SendAsync(admission, Alice, 4)).Refusal);
        Assert.Null((await SendAsync(admission, Bob, 2)).Refusal);

        Assert.Equal(nameof(LimitOptions.RequestRatePerTenant), (await SendAsync(admission, Bob)).Refusal?.Limit);
        Assert.Equal(nameof(LimitOptions.RequestRatePerTenant), (await SendAsync(admission, Alice)).Refusal?.Limit);
        Assert.Null((await SendAsync(admission, GlobexAlice, 4)).Refusal);
    }

    [Fact]
    public async Task Messages_are_counted_all_or_none()
    {
        var options = SmallLimits;
        options.RequestRatePerOwner = options.RequestRatePerTenant = 1;
        var admission = CreateAdmission(options);
        Assert.NotNull((await SendAsync(admission, Alice, 5)).Refusal);
        Assert.Null((await SendAsync(admission, Alice, 3)).Refusal);
        Assert.NotNull((await SendAsync(admission, Alice, 2)).Refusal);
        Assert.Null((await SendAsync(admission, Alice, 1)).Refusal);

        // What the owner was refused cost the tenant nothing.
        Assert.Null((await SendAsync(admission, Bob, 2)).Refusal);
    }

    [Theory]
    [InlineData(AdmissionPlace.Call, 2, 3, nameof(LimitOptions.MaxCallsPerOwner), nameof(LimitOptions.MaxCallsPerTenant))]
    [InlineData(AdmissionPlace.Stream, 1, 2, nameof(LimitOptions.MaxStreamsPerOwner), nameof(LimitOptions.MaxStreamsPerTenant))]
    public async Task Places_are_held_until_they_are_given_back(AdmissionPlace place, int ofOwner, int ofTenant, string ownerLimit, string tenantLimit)
    {
        var admission = CreateAdmission(SmallLimits);
        var alices = (await TakeAsync(admission, Alice, place, ofOwner)).Lease!;
        var refused = await TakeAsync(admission, Alice, place);
        Assert.Null(refused.Refusal);
        Assert.Null(refused.Lease);
        Assert.Equal((ownerLimit, ofOwner), (refused.PlaceRefusal!.Limit, refused.PlaceRefusal.Maximum));

        using var bobs = (await TakeAsync(admission, Bob, place, ofTenant - ofOwner)).Lease!;
        refused = await TakeAsync(admission, new(Alice.Tenant, "carol"), place);
        Assert.Equal((tenantLimit, ofTenant), (refused.PlaceRefusal!.Limit, refused.PlaceRefusal.Maximum));
        Assert.NotNull((await TakeAsync(admission, GlobexAlice, place, ofOwner)).Lease);

        alices.Dispose();
        alices.Dispose();
        await ReleasedAsync();
        Assert.NotNull((await TakeAsync(admission, Alice, place, ofOwner)).Lease);
        Assert.Null((await TakeAsync(admission, new(Alice.Tenant, "carol"), place)).Lease);
    }

    [Fact]
    public async Task Places_are_taken_all_or_none_and_their_messages_stay_counted()
    {
        var admission = CreateAdmission(SmallLimits);
        var refused = await admission.AdmitAsync(new(Alice) { Messages = 3, Place = AdmissionPlace.Call, Count = 3 }, Cancel);
        Assert.NotNull(refused.PlaceRefusal);

        Assert.NotNull((await TakeAsync(admission, Alice, count: 2)).Lease);
        Assert.Equal(nameof(LimitOptions.RequestRatePerOwner), (await SendAsync(admission, Alice, 3)).Refusal?.Limit);
    }

    [Fact]
    public async Task What_is_refused_by_rate_holds_no_place()
    {
        var admission = CreateAdmission(SmallLimits);
        await SendAsync(admission, Alice, 4);
        var refused = await admission.AdmitAsync(new(Alice) { Messages = 4, Place = AdmissionPlace.Call, Count = 2 }, Cancel);

        Assert.NotNull(refused.Refusal);
        Assert.Null(refused.Lease);
        Assert.Equal(0, (await admission.ReadUseAsync(Alice, Cancel)).Calls);
    }

    [Fact]
    public async Task A_place_that_is_held_for_long_stays_held()
    {
        var admission = CreateAdmission(SmallLimits);
        using var lease = (await TakeAsync(admission, Alice, AdmissionPlace.Stream)).Lease!;
        for (var i = 0; i < 10; i++)
        {
            await AdvanceAsync(TimeSpan.FromSeconds(12));
            await RenewAsync(admission);
        }

        Assert.NotNull((await TakeAsync(admission, Alice, AdmissionPlace.Stream)).PlaceRefusal);
    }

    [Fact]
    public async Task Anonymous_callers_share_their_tenants_limits_and_have_an_owners_for_each_address()
    {
        var admission = CreateAdmission(SmallLimits);
        Assert.Null((await SendAsync(admission, Caller.AnonymousFrom("192.0.2.1"), 4)).Refusal);
        Assert.Equal(nameof(LimitOptions.RequestRatePerOwner), (await SendAsync(admission, Caller.AnonymousFrom("192.0.2.1"), 1)).Refusal?.Limit);
        Assert.Null((await SendAsync(admission, Caller.AnonymousFrom("192.0.2.2"), 1)).Refusal);
        Assert.Null((await SendAsync(admission, Caller.Anonymous)).Refusal);
        Assert.Equal(nameof(LimitOptions.RequestRatePerTenant), (await SendAsync(admission, Caller.AnonymousFrom("192.0.2.3"), 2)).Refusal?.Limit);

        // A credential that uses the same names is somebody else.
        Assert.Null((await SendAsync(admission, new(Caller.Anonymous.Tenant, "192.0.2.1"), 4)).Refusal);
    }

    [Fact]
    public async Task A_tenants_own_limits_are_in_force_for_it_alone()
    {
        var options = SmallLimits;
        options.Tenants.Add(new() { Tenant = "globex", RequestBurstPerOwner = 2, MaxCallsPerOwner = 1, MaxStreamsPerOwner = 0, MaxStreamsPerTenant = 0 });
        var admission = CreateAdmission(options);

        Assert.Null((await SendAsync(admission, GlobexAlice, 2)).Refusal);
        Assert.NotNull((await SendAsync(admission, GlobexAlice)).Refusal);
        Assert.NotNull((await TakeAsync(admission, GlobexAlice)).Lease);
        Assert.Equal(1, (await TakeAsync(admission, GlobexAlice)).PlaceRefusal?.Maximum);
        for (var i = 0; i < 5; i++)
        {
            Assert.Null((await TakeAsync(admission, GlobexAlice, AdmissionPlace.Stream)).PlaceRefusal);
        }

        Assert.Null((await SendAsync(admission, Alice, 4)).Refusal);
        Assert.NotNull((await TakeAsync(admission, Alice, count: 2)).Lease);
    }

    [Fact]
    public async Task Use_is_told_for_tenant_and_owner()
    {
        var options = SmallLimits;
        options.RequestRatePerOwner = options.RequestRatePerTenant = 1;
        var admission = CreateAdmission(options);
        using var call = (await admission.AdmitAsync(new(Alice) { Messages = 2, Place = AdmissionPlace.Call, Count = 2 }, Cancel)).Lease!;
        using var stream = (await admission.AdmitAsync(new(Bob) { Messages = 1, Place = AdmissionPlace.Stream, Count = 1 }, Cancel)).Lease!;

        Assert.Equal(new LimitUse(2, 0, 2), await admission.ReadUseAsync(Alice, Cancel));
        Assert.Equal(new LimitUse(0, 1, 1), await admission.ReadUseAsync(Bob, Cancel));
        Assert.Equal(new LimitUse(2, 1, 3), await admission.ReadUseAsync(Alice.Tenant, Cancel));
        Assert.Equal(default, await admission.ReadUseAsync(GlobexAlice, Cancel));
        Assert.Equal(default, await admission.ReadUseAsync(Caller.Anonymous, Cancel));

        call.Dispose();
        await ReleasedAsync();
        await AdvanceAsync(TimeSpan.FromSeconds(5));
        Assert.Equal(default, await admission.ReadUseAsync(Alice, Cancel));
    }

    [Fact]
    public async Task Never_more_is_admitted_than_burst_and_rate_allow_however_many_ask_at_once()
    {
        var options = SmallLimits;
        (options.RequestRatePerOwner, options.RequestBurstPerOwner) = (1, 7);
        (options.RequestRatePerTenant, options.RequestBurstPerTenant) = (1, 16);
        IAdmission[] instances = [CreateAdmission(options), CreateAdmission(options)];
        Caller[] owners = [.. Enumerable.Range(0, 4).Select(i => new Caller(Alice.Tenant, $"owner {i}"))];
        var random = new Random(4);
        var (admitted, elapsed) = (new Dictionary<Caller, int>(), TimeSpan.Zero);
        var real = TimeProvider.System.GetTimestamp();
        for (var round = 0; round < 12; round++)
        {
            var asked = Enumerable.Range(0, 60).Select(i => (Instance: instances[i % 2], Owner: owners[random.Next(owners.Length)], Messages: random.Next(1, 3))).ToList();
            var outcomes = await Task.WhenAll(asked.Select(a => Task.Run(async () => (a.Owner, a.Messages, (await SendAsync(a.Instance, a.Owner, a.Messages)).Refusal), Cancel)));
            foreach (var (owner, messages, _) in outcomes.Where(o => o.Refusal is null))
            {
                admitted[owner] = admitted.GetValueOrDefault(owner) + messages;
            }

            // A backend whose clock runs on by itself has the time that this took, too.
            var since = (elapsed + TimeProvider.System.GetElapsedTime(real)).TotalSeconds;
            Assert.All(admitted.Values, count => Assert.InRange(count, 0, 7 + since));
            Assert.InRange(admitted.Values.Sum(), round == 0 ? 16 : 0, 16 + since);
            var step = TimeSpan.FromMilliseconds(random.Next(1, 2500));
            await AdvanceAsync(step);
            elapsed += step;
        }

        // Nor much less: who asked for one more each time got what had come back.
        Assert.InRange(admitted.Values.Sum(), 16 + (int)elapsed.TotalSeconds - 4, int.MaxValue);
    }

    [Fact]
    public async Task Places_never_exceed_their_number_and_come_back_to_none()
    {
        var options = SmallLimits;
        (options.MaxCallsPerOwner, options.MaxCallsPerTenant) = (3, 8);
        IAdmission[] instances = [CreateAdmission(options), CreateAdmission(options)];
        var held = 0;
        var most = 0;
        await Task.WhenAll(Enumerable.Range(0, 80).Select(i => Task.Run(
            async () =>
            {
                var admission = await TakeAsync(instances[i % 2], new(Alice.Tenant, $"owner {i % 4}"));
                if (admission.Lease is { } lease)
                {
                    InterlockedMax(ref most, Interlocked.Increment(ref held));
                    await Task.Yield();
                    Interlocked.Decrement(ref held);
                    lease.Dispose();
                }
            },
            Cancel)));
        await ReleasedAsync();

        Assert.InRange(most, 1, 8);
        foreach (var instance in instances)
        {
            Assert.Equal(0, (await instance.ReadUseAsync(Alice.Tenant, Cancel)).Calls);
            Assert.Equal(0, (await instance.ReadUseAsync(new Caller(Alice.Tenant, "owner 1"), Cancel)).Calls);
        }
    }

    /// <summary>Has an instance renew what it holds, where that is needed.</summary>
    protected abstract Task RenewAsync(IAdmission admission);

    private static void InterlockedMax(ref int most, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref most)) < value && Interlocked.CompareExchange(ref most, value, seen) != seen)
        {
        }
    }
}
