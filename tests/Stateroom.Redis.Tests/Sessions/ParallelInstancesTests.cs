using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Stateroom.Limits;
using Stateroom.Redis.Administration;
using Stateroom.Redis.Sessions;
using Stateroom.Redis.Tests.Support;
using Stateroom.Sessions;
using Stateroom.Tenancy;
using Xunit;

namespace Stateroom.Redis.Tests.Sessions;

/// <summary>What holds when several instances, each with its own connection, serve the same sessions at once.</summary>
public sealed class ParallelInstancesTests(RedisServer server) : IAsyncDisposable
{
    private static readonly Caller Alice = new(new TenantId("acme"), "alice");

    private readonly RedisInstances _instances = new(() => server.Configuration);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _instances.DisposeAsync();

    [Fact]
    public async Task Two_hundred_increments_from_three_instances_count_to_two_hundred()
    {
        var instances = Three();
        var claim = await OpenAsync(instances[0]);

        await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(() => IncrementAsync(instances[i % 3], claim), Cancel)));

        Assert.Equal("200", Encoding.UTF8.GetString((await instances[1].Store.TouchAsync(claim, Cancel))!.FindState("n").Data.Span));
    }

    [Fact]
    public async Task Limits_are_exact_when_instances_open_sessions_at_once()
    {
        var options = new SessionOptions { MaxSessionsPerTenant = 30, MaxSessionsPerOwner = 7 };
        var instances = Three(options);

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(
            async () =>
            {
                var caller = new Caller(Alice.Tenant, $"owner {i % 8}");
                var era = (SessionEra)(i / 8 % 2);
                return (caller.Owner, Era: era, (await instances[i % 3].Store.CreateAsync(New(caller, era), Cancel)).Status);
            },
            Cancel)));

        var created = outcomes.Where(o => o.Status == SessionCreationStatus.Created).ToList();
        Assert.Equal(30, created.Count);
        Assert.Equal(
            new(created.Count(c => c.Era == SessionEra.Handshake), created.Count(c => c.Era == SessionEra.Stateless)),
            await instances[0].Directory.CountSessionsAsync(new(Alice.Tenant), Cancel));
        Assert.All(created.CountBy(c => c.Owner), c => Assert.InRange(c.Value, 1, 7));
    }

    [Fact]
    public async Task An_owners_limit_is_exact_too()
    {
        var instances = Three(new SessionOptions { MaxSessionsPerOwner = 7 });

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => Task.Run(
            async () => (await instances[i % 3].Store.CreateAsync(New(Alice), Cancel)).Status, Cancel)));

        Assert.Equal(7, outcomes.Count(s => s == SessionCreationStatus.Created));
        Assert.Equal(57, outcomes.Count(s => s == SessionCreationStatus.OwnerLimitReached));
    }

    [Theory]
    [InlineData(SessionEra.Handshake)]
    [InlineData(SessionEra.Stateless)]
    public async Task A_place_that_was_reserved_by_an_instance_that_died_is_free_again_after_a_while(SessionEra era)
    {
        var instance = _instances.Add(new SessionOptions { MaxSessionsPerTenant = 1 });
        await ReserveAsync(instance, era);
        Assert.Equal(SessionCreationStatus.TenantLimitReached, (await instance.Store.CreateAsync(New(Alice), Cancel)).Status);

        await _instances.AdvanceAsync(Lifetimes.Opening(new()));

        await OpenAsync(instance);
        Assert.Equal(SessionCreationStatus.TenantLimitReached, (await instance.Store.CreateAsync(New(Alice), Cancel)).Status);
    }

    [Fact]
    public async Task Sessions_in_use_count_for_as_long_as_they_live_and_ended_ones_no_longer()
    {
        var idle = TimeSpan.FromMinutes(10);
        var instance = _instances.Add(new SessionOptions { IdleTimeout = idle, MaxSessionsPerOwner = 2 });
        var (used, ended) = (await OpenAsync(instance), await OpenAsync(instance));
        for (var i = 0; i < 10; i++)
        {
            await _instances.AdvanceAsync(idle * 0.4);
            Assert.NotNull(await instance.Store.TouchAsync(used, Cancel));
            await instance.Store.TouchAsync(ended, Cancel);
            Assert.Equal(SessionCreationStatus.OwnerLimitReached, (await instance.Store.CreateAsync(New(Alice), Cancel)).Status);
        }

        Assert.Equal(2, (await instance.Store.ListAsync(Alice, SessionEra.Handshake, Cancel)).Count);
        Assert.True(await instance.Store.EndAsync(ended, Cancel));
        await OpenAsync(instance);
        Assert.Equal(SessionCreationStatus.OwnerLimitReached, (await instance.Store.CreateAsync(New(Alice), Cancel)).Status);
    }

    private RedisInstance[] Three(SessionOptions? options = null) => [_instances.Add(options), _instances.Add(options), _instances.Add(options)];

    private static NewSession New(Caller caller, SessionEra era = SessionEra.Handshake) => new() { Caller = caller, Era = era };

    private static async Task<SessionClaim> OpenAsync(RedisInstance instance)
    {
        var creation = await instance.Store.CreateAsync(New(Alice), Cancel);
        Assert.Equal(SessionCreationStatus.Created, creation.Status);
        return new(Alice, creation.Session!.Key.Id, SessionEra.Handshake);
    }

    /// <summary>What an instance does that dies right after it reserved a place.</summary>
    private static async Task ReserveAsync(RedisInstance instance, SessionEra era)
    {
        var options = new SessionOptions { MaxSessionsPerTenant = 1 };
        var sets = new EntrySets(instance.Runner, options);
        var names = new TenantNames(sets, instance.Keys, NullLogger.Instance);
        var limits = new SessionLimits(sets, names, instance.Commands, instance.Keys, options, new(options, new LimitOptions()));
        Assert.Null((await limits.ReserveAsync(new(Alice, SessionId.New(), era), Cancel)).Refused);
    }

    private static async Task IncrementAsync(RedisInstance instance, SessionClaim claim)
    {
        var entry = (await instance.Store.TouchAsync(claim, Cancel))!.FindState("n");
        while (true)
        {
            var value = entry.Exists ? int.Parse(entry.Data.Span, CultureInfo.InvariantCulture) : 0;
            var result = await instance.Store.WriteStateAsync(
                claim, new("n", entry.Version, Encoding.UTF8.GetBytes((value + 1).ToString(CultureInfo.InvariantCulture))), Cancel);
            if (result.Status == StateWriteStatus.Written)
            {
                return;
            }

            Assert.Equal(StateWriteStatus.Conflict, result.Status);
            entry = result.Entry!;
        }
    }
}
