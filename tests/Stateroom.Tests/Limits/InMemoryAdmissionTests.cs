using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Stateroom.ContractTests;
using Stateroom.Limits;
using Stateroom.Tenancy;
using Xunit;

namespace Stateroom.Tests.Limits;

public sealed class InMemoryAdmissionTests : AdmissionContract
{
    private readonly FakeTimeProvider _time = new();
    private InMemoryAdmission? _admission;

    /// <summary>One process is one instance: whoever asks gets the same one.</summary>
    protected override IAdmission CreateAdmission(LimitOptions options) => _admission ??= new(Options.Create(options), _time);

    protected override Task AdvanceAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }

    protected override Task ReleasedAsync() => Task.CompletedTask;

    protected override Task RenewAsync(IAdmission admission) => Task.CompletedTask;

    [Fact]
    public async Task Tenants_and_owners_that_were_quiet_for_a_while_are_forgotten_and_those_that_hold_something_are_not()
    {
        var admission = new InMemoryAdmission(Options.Create(SmallLimits), _time);
        using var held = (await TakeAsync(admission, Alice)).Lease!;
        for (var i = 0; i < 10_000; i++)
        {
            await SendAsync(admission, new(new TenantId($"tenant {i}"), "alice"));
            await SendAsync(admission, new(GlobexAlice.Tenant, $"owner {i}"));
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.InRange(admission.Count, 2, 200);
        Assert.Equal(1, (await admission.ReadUseAsync(Alice, Cancel)).Calls);
    }
}
