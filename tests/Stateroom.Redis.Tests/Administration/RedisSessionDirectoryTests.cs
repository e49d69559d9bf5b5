using System.Globalization;
using StackExchange.Redis;
using Stateroom.Administration;
using Stateroom.ContractTests;
using Stateroom.Redis.Tests.Support;
using Stateroom.Sessions;
using Stateroom.Tenancy;
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
        Assert.Equal(default, await a.Directory.CountSessionsAsync(TenantRooms.Of(Alice), Cancel));
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
        Assert.Equal(new(1, 0), await instance.Parts.Directory.CountSessionsAsync(TenantRooms.Of(Alice), Cancel));
    }

    /// <summary>Those that may be dead are looked at by the thousand, so that no script and no answer is as large as a tenant.</summary>
    [Fact]
    public async Task Sessions_are_counted_however_many_of_them_have_expired()
    {
        const int Sessions = 1_150;
        var options = new SessionOptions { MaxSessionsPerOwner = Sessions, MaxSessionsPerTenant = Sessions };
        var instance = Instances.Add(options);
        var claims = new List<SessionClaim>();
        for (var i = 0; i < Sessions; i++)
        {
            claims.Add(await OpenAsync(instance.Parts, Alice, i < 50 ? SessionEra.Stateless : SessionEra.Handshake));
        }

        Assert.Equal(new(Sessions - 50, 50), await instance.Parts.Directory.CountSessionsAsync(TenantRooms.Of(Alice), Cancel));
        await Instances.AdvanceAsync(options.IdleTimeout * 0.6);
        foreach (var claim in claims.Take(70))
        {
            await instance.Store.TouchAsync(claim, Cancel);
        }

        await instance.Store.Renewal;
        await Instances.AdvanceAsync(options.IdleTimeout * 0.6);
        Assert.Equal(new(20, 50), await instance.Parts.Directory.CountSessionsAsync(TenantRooms.Of(Alice), Cancel));
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

    [Fact]
    public async Task A_walk_through_four_times_the_tenants_reads_four_times_the_names()
    {
        await using var alone = new RedisServer();
        await alone.InitializeAsync();
        await using var instances = new RedisInstances(() => alone.Configuration);
        await using var watcher = await ConnectionMultiplexer.ConnectAsync($"{alone.Configuration},allowAdmin=true");
        var redis = watcher.GetServers()[0];

        var (few, many) = (await WalkAsync(instances.Add(), 50), await WalkAsync(instances.Add(), 200));

        Assert.InRange(many, few, 5 * few);

        // Bytes that Redis answers to a walk, page by page, through so many tenants with long names.
        async Task<long> WalkAsync(RedisInstance instance, int tenants)
        {
            for (var i = 0; i < tenants; i++)
            {
                await OpenAsync(instance.Parts, new(new($"{new string('x', 80)}{i}"), "o"));
            }

            var before = await AnsweredAsync();
            var found = 0;
            TenantRooms? after = null;
            do
            {
                var page = await instance.Parts.Directory.ListTenantsAsync(after, 5, Cancel);
                found += page.Tenants.Count;
                after = page.Next;
            }
            while (after is not null);

            Assert.Equal(tenants, found);
            return await AnsweredAsync() - before;
        }

        async Task<long> AnsweredAsync() =>
            long.Parse((await redis.InfoAsync("stats")).SelectMany(group => group).Single(entry => entry.Key == "total_net_output_bytes").Value, CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task A_walk_goes_on_at_another_instance_also_where_what_was_put_in_order_is_gone()
    {
        var (a, b) = (Instances.Add(), Instances.Add());
        foreach (var name in (string[])["b", "d", "f"])
        {
            await OpenAsync(a.Parts, new(new(name), "o"));
        }

        await OpenAsync(a.Parts, Caller.Anonymous);
        var first = await a.Parts.Directory.ListTenantsAsync(null, 2, Cancel);
        await OpenAsync(a.Parts, new(new("a"), "o"));
        var second = await b.Parts.Directory.ListTenantsAsync(first.Next, 1, Cancel);
        Assert.True(await (await b.Connection.GetAsync()).GetDatabase().KeyDeleteAsync(b.Keys.TenantsInOrder));
        var third = await b.Parts.Directory.ListTenantsAsync(second.Next, 2, Cancel);

        Assert.Equal(["b", "d", "f", "anonymous"], first.Tenants.Concat(second.Tenants).Concat(third.Tenants).Select(t => t.Tenant.Tenant.Value));
        Assert.Null(third.Next);
        Assert.True(third.Tenants[^1].Tenant.IsAnonymous);
        Assert.Equal("a", (await b.Parts.Directory.ListTenantsAsync(null, 1, Cancel)).Tenants[0].Tenant.Tenant.Value);
    }
}
