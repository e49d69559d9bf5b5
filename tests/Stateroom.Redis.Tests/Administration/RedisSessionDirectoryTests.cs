using Stateroom.Administration;
using Stateroom.ContractTests;
using Stateroom.Redis.Tests.Support;
using Stateroom.Sessions;
using Xunit;

namespace Stateroom.Redis.Tests.Administration;

public abstract class RedisSessionDirectoryContract(Func<string> configuration) : SessionDirectoryContract, IAsyncDisposable
{
    private protected RedisInstances Instances { get; } = new(configuration);

    protected override Parts CreateParts(SessionOptions options) => Instances.Add(options).Parts;

    protected override Task AdvanceAsync(TimeSpan time) => Instances.AdvanceAsync(time);

    protected override ISessionAdministration Administration(Parts parts) => RedisInstance.Administration(parts);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Instances.DisposeAsync();
    }
}

public sealed class RedisSessionDirectoryTests(RedisServer server) : RedisSessionDirectoryContract(() => server.Configuration)
{
    [Fact]
    public async Task What_one_instance_opens_another_lists_and_ends()
    {
        var (a, b) = (CreateParts(new()), CreateParts(new()));
        var claim = await OpenAsync(a, Alice);

        Assert.Equal(TenantRooms.Of(Alice), Assert.Single((await b.Directory.ListTenantsAsync(null, 10, Cancel)).Tenants).Tenant);
        Assert.Equal(1, await Administration(b).EndAllAsync(TenantRooms.Of(Alice), null, Cancel));
        Assert.Null(await a.Store.TouchAsync(claim, Cancel));
        Assert.Equal(0, await a.Directory.CountSessionsAsync(TenantRooms.Of(Alice), Cancel));
    }

    [Fact]
    public async Task A_tenant_is_listed_again_with_the_next_renewal_where_its_name_was_lost()
    {
        var instance = Instances.Add();
        var claim = await OpenAsync(instance.Parts, Alice);
        var database = (await instance.Connection.GetAsync()).GetDatabase();
        Assert.True(await database.KeyDeleteAsync(instance.Keys.Tenants));
        Assert.Empty((await instance.Parts.Directory.ListTenantsAsync(null, 10, Cancel)).Tenants);

        await Instances.AdvanceAsync(new SessionOptions().IdleTimeout * 0.6);
        await instance.Store.TouchAsync(claim, Cancel);
        await instance.Store.Renewal;

        Assert.Single((await instance.Parts.Directory.ListTenantsAsync(null, 10, Cancel)).Tenants);
    }

    [Fact]
    public async Task A_session_is_opened_although_its_tenant_cannot_be_noted()
    {
        var instance = Instances.Add();
        var database = (await instance.Connection.GetAsync()).GetDatabase();

        // Any command on a sorted set fails here, as it would where the node of this key is gone.
        await database.StringSetAsync(instance.Keys.Tenants, "x", TimeSpan.FromMinutes(1));
        var claim = await OpenAsync(instance.Parts, Alice);

        Assert.NotNull(await instance.Store.TouchAsync(claim, Cancel));
        Assert.Equal(1, await instance.Parts.Directory.CountSessionsAsync(TenantRooms.Of(Alice), Cancel));
    }

    [Fact]
    public async Task Names_of_tenants_without_sessions_lapse_while_others_are_renewed()
    {
        var instance = Instances.Add();
        await OpenAsync(instance.Parts, GlobexAlice);
        for (var i = 0; i < 2; i++)
        {
            await Instances.AdvanceAsync(new SessionOptions().IdleTimeout);
            await OpenAsync(instance.Parts, Alice);
        }

        var database = (await instance.Connection.GetAsync()).GetDatabase();
        Assert.Equal(1, await database.SortedSetLengthAsync(instance.Keys.Tenants));
    }
}
